import assert from 'node:assert/strict'
import { HtmlValidate } from 'html-validate'

const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    // The renderer writes `<br/>` and empty attributes in its own way; both are HTML.
    'void-style': 'off',
    'attribute-boolean-style': 'off',
    'attribute-empty-style': 'off',
    'no-trailing-whitespace': 'off',
    'long-title': 'off',
    'doctype-style': ['error', { style: 'lowercase' }],
    // A group of boxes sends one name several times.
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit', 'button', 'reset'] }],
    // Table roles are written out for Safari (see table.tsx), and `role="search"` is older than <search>.
    'no-redundant-role': 'off',
    'prefer-native-element': ['error', { exclude: ['table', 'rowgroup', 'row', 'columnheader', 'rowheader', 'cell', 'search', 'status'] }],
    // A phone number in groups, with its thin spaces, is the caller's.
    'tel-non-breaking': 'off',
    // Same file, same server: nothing to check.
    'require-sri': 'off',
    // On the error summary alone: the place to read first after a refusal.
    'no-autofocus': 'off',
  },
})

/** Fails with every fault of a document or fragment, and where it is. */
export const assertValid = async (html: string, name: string): Promise<void> => {
  const report = await validator.validateString(html)
  assert.deepEqual(
    report.results.flatMap(result => result.messages.map(message => `${message.ruleId}: ${message.message} (${message.selector})`)),
    [],
    name,
  )
}
