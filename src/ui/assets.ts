import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { build } from 'esbuild'
import { transform } from 'lightningcss'
import { colourCss, defaultColour } from './colour.ts'

/** The order of the cascade: what the components share, then each of them. A test refuses a stylesheet that is not listed. */
const components = [
  'page',
  'breadcrumb',
  'button',
  'form',
  'field',
  'text-input',
  'date-input',
  'file-input',
  'fieldset',
  'error-summary',
  'summary-list',
  'table',
  'pagination',
  'tag',
  'notice',
  'receipt',
  'step-indicator',
  'search-box',
  'link-list',
  'details',
  'timeline',
  'message-thread',
  'contact-block',
  'empty-state',
  'filters',
  'copyable',
  'key-figures',
  'propositions',
  'plan',
  'frame',
  'paper',
  'viewer',
  'refreshed',
  'carte',
]

/** Every stylesheet, relative to this folder, in the order in which they are joined; `print.css` last, since it undoes. */
export const stylesheets: readonly string[] = ['tokens.css', 'base.css', ...components.map(name => `${name}/${name}.css`), 'print.css']

/** Telephones of 2021 still read the pages: CSS is written for them, and they lose only ornaments. */
const targets = { safari: 15 << 16, ios_saf: 15 << 16, chrome: 100 << 16, firefox: 100 << 16 }

/**
 * The stylesheet and the script, and those of the map that is opened on request, minified, from the sources beside this file: run it where they are (in development, in tests, or
 * while the production bundle is made), never from the bundle. To give a page the colour of its commune, serve
 * `css + colourCss(hex)`: what comes last wins.
 */
export async function buildAssets(): Promise<{ css: string; js: string; carte: { css: string; js: string } }> {
  const [css, js, carte] = await Promise.all([buildCss(), bundleScript('main'), bundleScript(carteScript)])
  return { css, js, carte: { css: await buildCarteCss(), js: carte } }
}

async function buildCss(): Promise<string> {
  const sources = await Promise.all(stylesheets.map(name => readFile(join(import.meta.dirname, name), 'utf8')))
  return minify([colourCss(defaultColour), ...sources].join('\n'))
}

/** The script of the map, a module imported on request; its stylesheet is `carteStylesheet`, after Leaflet's. */
const carteScript = 'carte'
export const carteStylesheet = 'carte/choisir.css'

// Of Leaflet's stylesheet, what points to images is left out: layers control and default marker, which we do not use.
async function buildCarteCss(): Promise<string> {
  const leaflet = await readFile(createRequire(import.meta.url).resolve('leaflet/dist/leaflet.css'), 'utf8')
  const ours = await readFile(join(import.meta.dirname, carteStylesheet), 'utf8')
  return minify(`${leaflet.replace(/[\w-]+:\s*url\([^)]*\);?/g, '')}\n${ours}`)
}

function minify(joined: string): string {
  const { code, warnings } = transform({ filename: 'parvis.css', code: Buffer.from(joined), minify: true, targets })
  if (warnings.length > 0) throw new Error(`CSS: ${warnings.map(warning => warning.message).join('; ')}`)
  return Buffer.from(code).toString('utf8')
}

/** One browser script and what it imports, as an immediately invoked function (that of the map as a module). Exported for the test of weights. */
export async function bundleScript(name: string): Promise<string> {
  const result = await build({
    entryPoints: [join(import.meta.dirname, 'client', `${name}.client.ts`)],
    bundle: true,
    minify: true,
    format: name === carteScript ? 'esm' : 'iife',
    target: ['es2020'],
    write: false,
    logLevel: 'silent',
    ...(name === carteScript && { banner: { js: await leafletLicence() } }),
  })
  return result.outputFiles[0]!.text
}

// BSD-2-Clause, condition 2: who receives the minified code receives the notice, the conditions and the disclaimer.
async function leafletLicence(): Promise<string> {
  const main = createRequire(import.meta.url).resolve('leaflet')
  return `/*! Leaflet\n${(await readFile(join(main, '..', '..', 'LICENSE'), 'utf8')).trim()}\n*/`
}
