import type { VNode } from 'preact'

/**
 * The single door of raw HTML in the program (a test of the house refuses `dangerouslySetInnerHTML` elsewhere).
 *
 * What may come through: markup that the program itself made from constants and already escaped values, such as an SVG drawn by
 * our own chart code, or the output of our own Markdown renderer. What may not: anything a person typed, a file received, an answer
 * of another service, even "cleaned". It is wrapped in a `<div>`, or in the element named by `as`.
 */
export function Raw({ html, as: Element = 'div' }: { html: string; as?: 'div' | 'span' | 'figure' }): VNode {
  return <Element dangerouslySetInnerHTML={{ __html: html }} />
}
