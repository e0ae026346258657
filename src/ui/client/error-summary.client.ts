/** Brings keyboard and screen reader to the errors: `autofocus` works once a document, not on content put in place later. */
export function startErrorSummary(element: HTMLElement): void {
  element.focus()
}
