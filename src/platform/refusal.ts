/**
 * An expected refusal: a value, never an exception. Each module keeps one table of its codes.
 * `sentence` is plain French and says what to do next; `status` is the HTTP status of the answer.
 */
export interface Refusal {
  readonly code: string
  readonly sentence: string
  readonly status: number
  /** Where the mistake is, when it is in a field: the page links to it. */
  readonly field?: string
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal }

/** A success. */
export const ok = <T>(value: T): Result<T> => ({ ok: true, value })

/** A refusal as a result. */
export const refuse = (refusal: Refusal): { readonly ok: false; readonly refusal: Refusal } => ({ ok: false, refusal })

/** Builds the table of refusals of a module: code → status and sentence. */
export function refusalTable<const T extends Record<string, readonly [status: number, sentence: string]>>(
  table: T,
): { readonly [K in keyof T]: Refusal } {
  return Object.fromEntries(Object.entries(table).map(([code, [status, sentence]]) => [code, { code, status, sentence }])) as unknown as {
    readonly [K in keyof T]: Refusal
  }
}
