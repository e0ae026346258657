import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ACTIONS } from './journal.tsx'

test('every action that a module writes in the journal has its words', () => {
  const modules = new URL('../../../', import.meta.url)
  const files = readdirSync(modules, { recursive: true, encoding: 'utf8' }).filter(
    name => /\.tsx?$/.test(name) && !/\.(test|testing)\./.test(name),
  )
  const written = files.flatMap(name =>
    [...readFileSync(new URL(name, modules), 'utf8').matchAll(/\b(?:action: |noter(?:Lecture)?\([^'`\n]*)'([a-z]+\.[a-z_-]+)'/g)].map(
      ([, action = '']) => action,
    ),
  )
  assert.ok(written.length > 30, String(written.length))
  assert.deepEqual(
    [...new Set(written)].filter(action => !Object.hasOwn(ACTIONS, action)),
    [],
  )
})
