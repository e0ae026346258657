import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'

const PATIENCE_MS = 30_000

// In a thread of its own: its WebAssembly memory is given back at the end, and a file made to run for ever is stopped.
const SCRIPT = `
const { parentPort, workerData } = require('node:worker_threads')
const decode = require(workerData.decoder)
decode.all({ buffer: workerData.bytes }).then(async images => {
  const { width, height } = images[0]
  if (width * height > workerData.maxPixels) throw new Error('pixel limit')
  const { data } = await images[0].decode()
  parentPort.postMessage({ width, height, data }, [data.buffer])
}).catch(error => parentPort.postMessage({ error: String(error) }))
`

/**
 * The pixels of the first image of a HEIC or HEIF file (ISO/IEC 23008-12), RGBA, turned as the file says. sharp's prebuilt libvips decodes AVIF
 * only; libheif compiled to WebAssembly decodes HEVC. Throws when the file cannot be read, takes more than 30 s, or has more than `maxPixels`
 * (« pixel limit »).
 */
export function decodeHeic(bytes: Buffer, maxPixels: number): Promise<{ width: number; height: number; data: Uint8ClampedArray }> {
  const decoder = createRequire(import.meta.url).resolve('heic-decode')
  const worker = new Worker(SCRIPT, { eval: true, workerData: { bytes: new Uint8Array(bytes), decoder, maxPixels } })
  const { promise, resolve, reject } = Promise.withResolvers<{ width: number; height: number; data: Uint8ClampedArray }>()
  const timer = setTimeout(() => reject(new Error('HEIC: too long')), PATIENCE_MS)
  worker.once('message', message => ('error' in message ? reject(new Error(message.error)) : resolve(message)))
  worker.once('error', reject)
  worker.once('exit', () => reject(new Error('HEIC: the decoder stopped')))
  return promise.finally(() => {
    clearTimeout(timer)
    return worker.terminate()
  })
}
