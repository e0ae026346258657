import type { Form } from '../../../../platform/http/form.ts'

/**
 * One line as it was typed, its unbreakable spaces kept: « 3,5 tonnes » must not break between the number and its unit. 20,000 characters at
 * most; the schema of what it becomes refuses what is too long, with its place.
 */
export const ligneDe = (form: Form, name: string): string => form.text(name, 20_000).replace(/[\t\n ]+/g, ' ')

/** The lines of a text, without the empty ones. */
export const lignesDe = (text: string): string[] =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
