// What is said between an export and the thread that archives it.

/** A file of the archive, without its bytes. */
export interface Head {
  readonly path: string
  readonly at: Date
  readonly isCompressed?: boolean | undefined
  readonly verbatim?: Uint8Array | undefined
}

/** From the thread: the file whose turn has come, bytes of the archive, that a piece of the file was taken, that all is made. */
export type FromThread = { readonly open: number } | { readonly bytes: Uint8Array } | 'taken' | 'end'
/** To the thread: a piece of the file asked for, its end, that bytes of the archive were taken. */
export type ToThread = { readonly piece: Uint8Array } | 'end' | 'taken'

/** How many pieces may be on their way, in each direction. */
export const ON_THEIR_WAY = 8
