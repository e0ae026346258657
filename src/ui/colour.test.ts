import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { accentsOf, colourCss, contrast, isColour, schemes } from './colour.ts'

const anyColour = fc.integer({ min: 0, max: 0xffffff }).map(n => `#${n.toString(16).padStart(6, '0')}`)
const extremes = ['#000000', '#ffffff', '#ffff00', '#00ff00', '#0000ff', '#ff0000', '#00ffff', '#ff00ff', '#808080', '#fffffe', '#000001']

const assertReadable = (hex: string): void => {
  for (const [name, accents] of Object.entries(accentsOf(hex)) as ['light' | 'dark', ReturnType<typeof accentsOf>['light']][]) {
    const { paper, surface, ink, soft } = schemes[name]
    for (const text of [accents.accent, accents.strong, ink, soft])
      for (const background of [paper, surface, accents.tint])
        assert.ok(contrast(text, background) >= 4.5, `${hex} ${name}: ${text} on ${background} is ${contrast(text, background).toFixed(2)}`)
    assert.ok(contrast(accents.onBand, accents.band) >= 4.5, `${hex} ${name}: text on the band ${accents.band}`)
    for (const background of [accents.accent, accents.strong])
      assert.ok(contrast(accents.onAccent, background) >= 4.5, `${hex} ${name}: text on the button ${background}`)
  }
}

describe('the colour of a commune', () => {
  it('knows the contrasts of WCAG', () => {
    assert.equal(contrast('#000000', '#ffffff'), 21)
    assert.equal(contrast('#777777', '#777777'), 1)
    assert.equal(contrast('#767676', '#ffffff').toFixed(2), '4.54')
  })

  it('is readable on every background in light and in dark, whatever is chosen', () => {
    for (const hex of extremes) assertReadable(hex)
    fc.assert(fc.property(anyColour, assertReadable), { numRuns: 2000 })
  })

  it('stays as chosen when it is readable already', () => {
    assert.equal(accentsOf('#7a1f3d').light.accent, '#7a1f3d')
  })

  it('writes only custom properties made of hexadecimal digits', () => {
    fc.assert(
      fc.property(anyColour, hex => {
        const block = ':root\\{(--[a-z-]+:#[0-9a-f]{6};?){7}\\}'
        assert.match(colourCss(hex), new RegExp(`^${block}@media screen and \\(prefers-color-scheme:dark\\)\\{${block}\\}$`))
      }),
    )
  })

  it('accepts six hexadecimal digits and nothing else', () => {
    assert.ok(isColour('#2c5f4f') && isColour('#ABCDEF'))
    for (const text of ['', '#fff', '2c5f4f', '#2c5f4g', '#2c5f4f;', 'red', '#2c5f4f\n', null, 7]) assert.ok(!isColour(text), String(text))
    assert.throws(() => colourCss('red}body{display:none'), RangeError)
  })

  it('computes with the backgrounds that the stylesheet really uses', () => {
    const [light, dark] = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8').split('prefers-color-scheme')
    for (const [css, scheme] of [
      [light, schemes.light],
      [dark, schemes.dark],
    ] as const)
      for (const [name, value] of Object.entries(scheme)) assert.match(css ?? '', new RegExp(`--${name}: ${value};`))
  })

  it('has tones whose text is readable, and borders of fields seen at 3:1', () => {
    const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8').split('prefers-color-scheme')
    css.forEach((part, index) => {
      const value = (name: string): string => new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(part)?.[1] ?? assert.fail(name)
      for (const tone of ['neutre', 'info', 'succes', 'attention', 'danger'])
        assert.ok(contrast(value(tone), value(`${tone}-bg`)) >= 4.5, `${tone} ${index}`)
      for (const background of ['paper', 'surface']) {
        assert.ok(contrast(value('danger'), value(background)) >= 4.5, `danger on ${background} ${index}`)
        assert.ok(contrast(value('edge'), value(background)) >= 3, `edge on ${background} ${index}`)
      }
      for (const tone of ['neutre', 'info', 'succes', 'attention', 'danger'])
        assert.ok(contrast(value('ink'), value(`${tone}-bg`)) >= 4.5, `ink on ${tone} ${index}`)
    })
  })
})
