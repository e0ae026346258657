#!/usr/bin/env node
// npm start: builds what is missing or stale, then runs the program.
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { buildIfStale } from './build.js'
import { needNode24, root } from './node24.js'

needNode24()
await buildIfStale()
const bundle = join(root, 'dist', 'parvis.js')
process.argv.splice(1, 1, bundle)
process.argv.splice(2, 0, 'demarrer')
await import(pathToFileURL(bundle).href)
