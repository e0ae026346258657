// Makes an archive apart from the process that serves: the sums and the compression were a third of an export, and everybody else waited for them.
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { parentPort, workerData } from 'node:worker_threads'
import yazl from 'yazl'
import { alone } from '../thread.ts'
import { type FromThread, type Head, ON_THEIR_WAY, type ToThread } from './zip.protocol.ts'

const LEVEL = 1
const port = parentPort!
const say = (what: FromThread) => port.postMessage(what)
const coming: (Uint8Array | 'end')[] = []
let given = 0

port.on('message', (said: ToThread) => {
  if (said === 'taken') given--
  else coming.push(said === 'end' ? said : said.piece)
})

async function* pieces(): AsyncGenerator<Uint8Array> {
  for (;;) {
    const next = coming.shift()
    if (next === 'end') return
    if (next) {
      yield next
      say('taken')
    } else await once(port, 'message')
  }
}

const file = new yazl.ZipFile()
for (const [rank, { path, at, isCompressed, verbatim }] of (workerData as readonly Head[]).entries()) {
  if (verbatim) file.addBuffer(Buffer.from(verbatim), path, { mtime: at, compress: false, forceDosTimestamp: true })
  else {
    const options = isCompressed ? { mtime: at, compress: false } : { mtime: at, compress: true, compressionLevel: LEVEL }
    file.addReadStreamLazy(path, options, callback => {
      say({ open: rank })
      callback(null, Readable.from(pieces(), { objectMode: false }))
    })
  }
}
file.on('error', error => {
  throw error
})
file.end()
for await (const bytes of file.outputStream as Readable) {
  given++
  say({ bytes: alone(bytes) })
  while (given >= ON_THEIR_WAY) await once(port, 'message')
}
say('end')
port.close()
