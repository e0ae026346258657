import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Refusal } from '../refusal.ts'
import { errorRefusals } from './errors.ts'

/**
 * Answers what Node could not read as HTTP (RFC 9112 §2.2): the parser has no request to give, so the page is written on the socket itself, with
 * the headers of every answer, then the connection is closed.
 */
export function answerClientError(
  error: NodeJS.ErrnoException,
  socket: Socket,
  headers: Readonly<Record<string, string>>,
  pageOf: (refusal: Refusal) => string,
): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const refusal = refusalOf(error.code)
  const body = pageOf(refusal)
  const lines = Object.entries({
    ...headers,
    'content-type': 'text/html; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  if (socket.writable) socket.write(`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\n${lines.join('')}\r\n${body}`)
  socket.destroySoon()
}

function refusalOf(code: string | undefined): Refusal {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return errorRefusals.lent
  return code === 'HPE_HEADER_OVERFLOW' ? errorRefusals.entetes : errorRefusals.demande
}
