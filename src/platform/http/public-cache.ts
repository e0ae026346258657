import { brotliCompressSync, constants, gunzipSync, gzipSync } from 'node:zlib'

/** A page ready to send, in the three encodings. Compressed ones are kept; the plain text, which no browser asks for and which is twice their size, is made again. */
export interface CachedPage {
  readonly status: number
  readonly type: string
  readonly identity: Buffer
  readonly gzip: Buffer
  readonly br: Buffer
}

const MAX_VALUES = 5000

/**
 * Pages that are the same for everybody, kept until something of their collectivité changes. Bounded by bytes, oldest out first.
 * Holds nothing while the change notices of the database are not being heard.
 */
export class PublicCache {
  readonly #pages = new Map<string, { tenantId: string; page: CachedPage; sizeBytes: number }>()
  readonly #values = new Map<string, { tenantId: string; value: Promise<unknown> }>()
  readonly #maxBytes: number
  #sizeBytes = 0
  #isListening = false
  #generation = 0

  constructor(maxBytes = 4 * 1024 * 1024) {
    this.#maxBytes = maxBytes
  }

  /** Grows at each invalidation: a page computed before must not be kept after. */
  get generation(): number {
    return this.#generation
  }

  /** Whether one more page would push another out. */
  get isFull(): boolean {
    return this.#sizeBytes > this.#maxBytes * 0.95
  }

  get(key: string): CachedPage | undefined {
    return this.#pages.get(key)?.page
  }

  /** Keeps a page computed at `generation`, unless something changed meanwhile. */
  keep(key: string, tenantId: string, page: CachedPage, generation: number): void {
    if (!this.#isListening || generation !== this.#generation) return
    const sizeBytes = page.gzip.length + page.br.length + key.length
    if (sizeBytes > this.#maxBytes / 8) return
    this.#drop(key)
    this.#pages.set(key, { tenantId, page, sizeBytes })
    this.#sizeBytes += sizeBytes
    for (const oldest of this.#pages.keys()) {
      if (this.#sizeBytes <= this.#maxBytes) break
      this.#drop(oldest)
    }
  }

  /** A small value of a collectivité (or '*') that pages need, loaded once until it changes. A failure is not kept. */
  remember<T>(key: string, tenantId: (value: T) => string, load: () => Promise<T>): Promise<T> {
    const known = this.#values.get(key)
    if (known) return known.value as Promise<T>
    const generation = this.#generation
    const value = load()
    value.then(
      loaded => {
        if (!this.#isListening || generation !== this.#generation) return
        if (this.#values.size >= MAX_VALUES) this.#values.delete(this.#values.keys().next().value!)
        this.#values.set(key, { tenantId: tenantId(loaded), value })
      },
      () => {},
    )
    return value
  }

  /** Forgets the pages of a collectivité; everything for '*'. Pages of the whole territory always go. */
  invalidate(tenantId: string): void {
    this.#generation++
    this.#forgetValues(tenantId)
    for (const [key, entry] of this.#pages) {
      if (tenantId === '*' || entry.tenantId === tenantId || entry.tenantId === '*') this.#drop(key)
    }
  }

  #forgetValues(tenantId: string): void {
    for (const [key, entry] of this.#values)
      if (tenantId === '*' || entry.tenantId === tenantId || entry.tenantId === '*') this.#values.delete(key)
  }

  /** Called when the channel of change notices opens or breaks: what was said meanwhile is unknown, so all is forgotten. */
  setListening(isListening: boolean): void {
    this.#isListening = isListening
    this.invalidate('*')
  }

  #drop(key: string): void {
    const entry = this.#pages.get(key)
    if (!entry) return
    this.#pages.delete(key)
    this.#sizeBytes -= entry.sizeBytes
  }
}

/** Compresses a page once for all its readers. */
export function toCachedPage(status: number, type: string, body: string | Buffer): CachedPage {
  const identity = Buffer.from(body)
  const gzip = exact(gzipSync(identity, { level: 9 }))
  return {
    status,
    type,
    get identity() {
      return gunzipSync(gzip)
    },
    gzip,
    br: exact(
      brotliCompressSync(identity, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: 9,
          [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
          [constants.BROTLI_PARAM_SIZE_HINT]: identity.length,
          [constants.BROTLI_PARAM_LGWIN]: 18,
        },
      }),
    ),
  }
}

// What zlib and Buffer.from give is a piece of a larger block, which would stay in memory as long as the page: 70 MB for 16 MB of pages.
function exact(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length)
  bytes.copy(copy)
  return copy
}
