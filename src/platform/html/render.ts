import type { VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { withFrenchSpaces } from './typography.ts'

/**
 * The whole HTML document of a page, ready to be sent: the doctype, then the tree, its spaces as French puts them.
 * Text and attributes are escaped by the renderer; the only way around it is `<Raw>`.
 */
export function renderDocument(node: VNode): string {
  return `<!doctype html>${withFrenchSpaces(renderToString(node))}`
}

/** A piece of HTML without doctype: the body of an e-mail, a fragment under test. */
export function renderFragment(node: VNode): string {
  return renderToString(node)
}
