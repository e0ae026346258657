import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Form } from './form.ts'

test('a text cut at its limit never ends in half an emoji', () => {
  const form = new Form({ texte: 'a😀😀', plusieurs: ['a😀😀', '😀'] })
  for (let max = 0; max <= 6; max++) {
    const read = [form.line('texte', max), form.text('texte', max), ...form.all('plusieurs', max)]
    for (const text of read) assert.ok(text.isWellFormed() && text.length <= max, `${max}: ${JSON.stringify(text)}`)
  }
  assert.deepEqual([form.line('texte', 4), form.text('texte', 5), form.all('plusieurs', 2)], ['a😀', 'a😀😀', ['a', '😀']])
})
