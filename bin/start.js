#!/usr/bin/env node
// npm start: builds what is missing or stale, then runs the program.
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { needNode24, root } from './node24.js'

needNode24()
// Only now: the build uses what an older Node lacks.
const { buildIfStale } = await import('./build.js')
await buildIfStale()
// The three processes of the program read the same bundle: compiled once, for this start and the next ones.
process.env.NODE_COMPILE_CACHE ??= join(root, 'dist', 'cache')
enableCompileCache(process.env.NODE_COMPILE_CACHE)
const bundle = join(root, 'dist', 'parvis.js')
process.argv.splice(1, 1, bundle)
process.argv.splice(2, 0, 'demarrer')
await import(pathToFileURL(bundle).href)
