// The crowd of foule.ts, in a process of its own: so many newcomers a second, each on a connection of their own, whether or not the former ones were
// answered. It speaks HTTP on bare sockets: a library would take from the program, on two cores, the very time that is measured.
import { connect, type Socket } from 'node:net'
import type { Foule } from './foule.ts'

const [address = '', rate = '0', seconds = '0', atOnce = '1'] = process.argv.slice(2)
const url = new URL(address)
const bytes = Buffer.from(
  `GET ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\naccept: text/html\r\naccept-encoding: gzip\r\nconnection: close\r\n\r\n`,
)
const foule: Foule = { demandes: 0, statuts: {}, erreurs: 0, sansRetryAfter: 0, dureesMs: {}, refus: '' }
let sockets = 0
let answered = 0

interface Visit {
  readonly socket: Socket
  askedMs: number
  left: number
}

function open(askedMs: number): void {
  sockets++
  const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true })
  const visit: Visit = { socket, askedMs, left: 0 }
  socket.on('data', data => read(visit, data))
  socket.on('error', () => {})
  socket.on('close', () => {
    if (visit.askedMs > 0) {
      foule.erreurs++
      answered++
    }
    sockets--
  })
  socket.write(bytes)
}

// The head of an answer comes whole: it is smaller than a packet.
function read(visit: Visit, data: Buffer): void {
  if (visit.left === 0) {
    const end = data.indexOf('\r\n\r\n')
    const head = data.toString('latin1', 0, end)
    const status = head.slice(9, 12)
    foule.statuts[status] = (foule.statuts[status] ?? 0) + 1
    if (status === '503') {
      if (!/\r\nretry-after: \d/i.test(head)) foule.sansRetryAfter++
      foule.refus ||= head
    }
    const durations = foule.dureesMs[status] ?? []
    foule.dureesMs[status] = durations
    durations.push(performance.now() - visit.askedMs)
    visit.left = end + 4 + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
  }
  visit.left -= data.length
  if (visit.left > 0) return
  answered++
  visit.askedMs = 0
  visit.socket.destroy()
}

const start = performance.now()
let come = 0
const timer = setInterval(() => {
  const elapsedMs = performance.now() - start
  const due = Math.floor((Math.min(elapsedMs, Number(seconds) * 1000) / 1000) * Number(rate))
  for (; come < due; come++) {
    if (sockets >= Number(atOnce)) continue
    foule.demandes++
    open(performance.now())
  }
  const isOver = elapsedMs > Number(seconds) * 1000 && (answered >= foule.demandes || elapsedMs > Number(seconds) * 1000 + 20_000)
  if (!isOver) return
  clearInterval(timer)
  foule.erreurs += foule.demandes - answered
  process.send!(foule, () => process.exit(0))
}, 2)
