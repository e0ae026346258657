import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { deflateRawSync } from 'node:zlib'

/** A zip, as an office program writes one. For the tests. */
export function zip(
  entries: readonly { name: string; text: string | Buffer; stored?: boolean; flags?: number; announcedBytes?: number }[],
): Buffer {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, text, stored = false, flags = 0, announcedBytes } of entries) {
    const plain = Buffer.from(text)
    const packed = stored ? plain : deflateRawSync(plain)
    const fixed = Buffer.alloc(26)
    fixed.writeUInt16LE(20, 0)
    fixed.writeUInt16LE(flags, 2)
    fixed.writeUInt16LE(stored ? 0 : 8, 4)
    fixed.writeUInt32LE(packed.length, 14)
    fixed.writeUInt32LE(announcedBytes ?? plain.length, 18)
    fixed.writeUInt16LE(Buffer.byteLength(name), 22)
    const central = Buffer.alloc(14)
    central.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fixed, central, Buffer.from(name)]))
    const body = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fixed, Buffer.from(name), packed])
    bodies.push(body)
    offset += body.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...bodies, central, end])
}

/** A minimal DOCX, with more entries or another index when a test asks. */
export function docx(more: readonly { name: string; text: string }[] = [], mainType = 'wordprocessingml.document.main+xml'): Buffer {
  const type = `application/vnd.openxmlformats-officedocument.${mainType}`
  return zip([
    { name: '[Content_Types].xml', text: `<Types><Override PartName="/word/document.xml" ContentType="${type}"/></Types>` },
    { name: 'word/document.xml', text: '<w:document/>' },
    ...more,
  ])
}

/** A minimal OpenDocument text. */
export function odt(more: readonly { name: string; text: string }[] = []): Buffer {
  return zip([
    { name: 'mimetype', text: 'application/vnd.oasis.opendocument.text', stored: true },
    { name: 'META-INF/manifest.xml', text: '<manifest:manifest/>' },
    { name: 'content.xml', text: '<office:document-content/>' },
    ...more,
  ])
}

/** A minimal PDF whose body holds `filler` bytes. */
export function pdf(filler = 0): Buffer {
  return Buffer.concat([
    Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1'),
    Buffer.alloc(filler, 'x'),
    Buffer.from('\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n'),
  ])
}

/** The test file that every antivirus knows (EICAR), put together here so that none takes this source for it. */
export const eicar = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('')

/**
 * A peer that speaks the INSTREAM protocol over real TCP: it reads the chunks by their lengths, finds the EICAR string, and
 * answers as the protocol says. `answer` replaces its word, `silent` its speech. It is no antivirus.
 */
export async function instreamPeer(behaviour: { answer?: string; silent?: boolean } = {}) {
  const received: Buffer[] = []
  const server = createServer(socket => serve(socket, received, behaviour))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return {
    address: { host: '127.0.0.1', port, timeoutMs: 400 },
    received,
    close: () => new Promise<void>(resolve => server.close(() => resolve())),
  }
}

function serve(socket: Socket, received: Buffer[], { answer, silent }: { answer?: string; silent?: boolean }): void {
  let waiting = Buffer.alloc(0)
  let started = false
  const mine: Buffer[] = []
  socket.on('error', () => {})
  socket.on('data', bytes => {
    waiting = Buffer.concat([waiting, bytes as Buffer])
    if (!started && waiting.length >= 10) {
      if (waiting.subarray(0, 10).toString('latin1') !== 'zINSTREAM\0') socket.end('UNKNOWN COMMAND\0')
      started = true
      waiting = waiting.subarray(10)
    }
    while (started && waiting.length >= 4) {
      const length = waiting.readUInt32BE(0)
      if (waiting.length < 4 + length) return
      if (length === 0) {
        const isFound = Buffer.concat(mine).includes(eicar)
        if (!silent) socket.end(`${answer ?? (isFound ? 'stream: Eicar-Signature FOUND' : 'stream: OK')}\0`)
        return
      }
      mine.push(waiting.subarray(4, 4 + length))
      received.push(waiting.subarray(4, 4 + length))
      waiting = waiting.subarray(4 + length)
    }
  })
}

/** A document as a scanner makes it: one JPEG a page, nothing else. */
export function scannedPdf(jpeg: Buffer, width: number, height: number, pages: number): Buffer {
  const objects: Buffer[] = [
    Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
    Buffer.from(`<< /Type /Pages /Count ${pages} /Kids [${Array.from({ length: pages }, (_, n) => `${3 + n * 3} 0 R`).join(' ')}] >>`),
  ]
  for (let page = 0; page < pages; page++) {
    const at = 3 + page * 3
    const drawing = 'q 595 0 0 842 0 0 cm /I Do Q'
    objects.push(
      Buffer.from(
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${at + 1} 0 R /Resources << /XObject << /I ${at + 2} 0 R >> >> >>`,
      ),
      Buffer.from(`<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`),
      Buffer.concat([
        Buffer.from(
          `<< /Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length ${jpeg.length} >>\nstream\n`,
        ),
        jpeg,
        Buffer.from('\nendstream'),
      ]),
    )
  }
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n')]
  const offsets: number[] = []
  let size = parts[0]!.length
  for (const [rank, body] of objects.entries()) {
    offsets.push(size)
    const whole = Buffer.concat([Buffer.from(`${rank + 1} 0 obj\n`), body, Buffer.from('\nendobj\n')])
    parts.push(whole)
    size += whole.length
  }
  const table = offsets.map(offset => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${size}\n%%EOF\n`,
    ),
  )
  return Buffer.concat(parts)
}

/** A photograph of 96 × 64 pixels as a telephone takes it: HEVC in HEIF, with the order to turn it a quarter (made with libheif). */
export const heicPhoto = Buffer.from(
  [
    'AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAUxtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAAAAAAABAAAAImlsb2MAAA',
    'AAREAAAQABAAAAAAFwAAEAAAAAAAAAaQAAACNpaW5mAAAAAAABAAAAFWluZmUCAAAAAAEAAGh2YzEAAAAAzGlwcnAAAACtaXBjbwAAAHhodmNDAQNwAAAAAAAAAAAAHvAA',
    '/P34+AAADwMgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQCEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoDCBBZbqSSmubgQEDAgAAAMACAAAAwAIQCIAAQAHRAHBcrAiQA',
    'AAABRpc3BlAAAAAAAAAGAAAABAAAAAEHBpeGkAAAAAAwgICAAAAAlpcm90AQAAABdpcG1hAAAAAAAAAAEAAQSBAoOEAAAAcW1kYXQAAABlKAGvGYD3gPoK7/XPxxHKYXib',
    'Kss37dKjIECT+H9BEFII58DcD2doKDsNHvn6PvIub7/hJjuxuXerLq2MGEoKSvducct7wcoI6hQl6x0Z3u+E8mgrvbgksOHSX3ScUKQewGKFr1w=',
  ].join(''),
  'base64',
)
