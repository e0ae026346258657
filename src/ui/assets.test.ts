import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { brotliCompressSync } from 'node:zlib'
import { buildAssets, bundleScript, carteStylesheet, stylesheets } from './assets.ts'
import { colourCss } from './colour.ts'

const brotli = (text: string): number => brotliCompressSync(Buffer.from(text)).length
const clientFolder = join(import.meta.dirname, 'client')

describe('the assets', () => {
  it('weigh what the first visit can carry: style with its colour ≤ 6 kB, scripts ≤ 5 kB in brotli', async () => {
    const { css, js } = await buildAssets()
    const style = brotli(css + colourCss('#b3261e'))
    assert.ok(style <= 6000 && style > 1000, `style: ${style} bytes`)
    assert.ok(brotli(js) <= 5000 && js.length > 100, `script: ${brotli(js)} bytes`)
  })

  it('are made of small scripts, each ≤ 2 kB in brotli', async () => {
    const names = globSync('*.client.ts', { cwd: clientFolder }).map(file => file.replace('.client.ts', ''))
    assert.ok(names.length >= 4)
    for (const name of names) assert.ok(brotli(await bundleScript(name)) <= 2000 || name === 'main' || /^carte(-fond)?$/.test(name), name)
  })

  it('keep the map apart: at most 45 kB in brotli, and only once it is asked for', async () => {
    const { js, carte } = await buildAssets()
    assert.ok(brotli(carte.js) + brotli(carte.css) <= 45_000, `${brotli(carte.js)} + ${brotli(carte.css)} bytes`)
    assert.ok(!js.includes('leaflet') && carte.js.includes('leaflet'))
    for (const part of ['CloudMade', 'in binary form must reproduce', 'THIS SOFTWARE IS PROVIDED']) assert.ok(carte.js.includes(part), part)
  })

  it('leave no stylesheet aside', () => {
    assert.deepEqual(globSync('**/*.css', { cwd: import.meta.dirname }).sort(), [...stylesheets, carteStylesheet].sort())
  })

  it('fetch nothing from elsewhere', async () => {
    const { css, js, carte } = await buildAssets()
    assert.doesNotMatch(carte.css, /url\(|@import|@font-face/)
    assert.doesNotMatch(css, /url\(|@import|@font-face/)
    assert.doesNotMatch(js, /https?:|eval\(|new Function|innerHTML/)
  })
})
