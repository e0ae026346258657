// What is said between who gives what to write and the thread that writes it.

/** From the thread: the source whose turn has come, bytes made, that a piece was taken, that all is made. */
export type FromThread = { readonly open: number } | { readonly bytes: Uint8Array } | 'taken' | 'end'
/** To the thread: a piece of the source asked for, its end, that bytes were taken. */
export type ToThread<Piece> = { readonly piece: Piece } | 'end' | 'taken'

/** How many pieces may be on their way, in each direction. */
export const ON_THEIR_WAY = 8

/** A file of an archive, without its bytes. */
export interface Head {
  readonly path: string
  readonly at: Date
  readonly isCompressed?: boolean | undefined
  readonly verbatim?: Uint8Array | undefined
}
