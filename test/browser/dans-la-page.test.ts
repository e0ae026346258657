import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { fermerLeNavigateur, unePersonne } from '../builders/navigateur.ts'
import { clavier, debordements, dires, equiper, violations } from './dans-la-page.ts'

after(fermerLeNavigateur)

const juste = `<!doctype html><html lang="fr"><head><title>Une page – Vire</title>
  <style>body { margin: 1rem } .button { display: block; min-height: 3rem; min-width: 3rem } :focus-visible { outline: 3px solid navy }</style></head>
  <body><main><h1>Une page</h1><form><p><label for="a">Votre courriel</label> <input id="a" type="email" autocomplete="email" /></p>
  <button class="button" type="button">Envoyer</button></form></main></body></html>`

/** What each page of this table has of wrong, the right page with one thing changed, and the control that must say so. */
const FAUTES: readonly (readonly [
  control: 'clavier' | 'dires' | 'debordements' | 'violations',
  change: readonly [string, string],
  said: RegExp,
])[] = [
  ['clavier', ['</style>', '.button:focus-visible { outline: none }</style>'], /^focus not seen: <button/],
  ['clavier', ['</style>', 'form { display: flex; flex-direction: column-reverse }</style>'], /above on the screen: <button/],
  ['clavier', ['type="email"', 'type="email" tabindex="2"'], /order of its own/],
  ['dires', ['<title>Une page', '<title>Autre page'], /^title «/],
  ['dires', ['</h1>', '</h1><h1>Deux</h1>'], /^2 h1/],
  ['dires', ['type="email"', 'type="email" aria-invalid="true"'], /errors without a summary/],
  ['dires', ['</h1>', '</h1><div class="error-summary"><a href="#rien">Faux</a></div>'], /leads to no field/],
  ['dires', ['autocomplete="email"', ''], /^no autocomplete/],
  ['dires', ['min-height: 3rem', 'height: 30px'], /^target of/],
  ['debordements', ['</h1>', '</h1><div style="width: 400px">Large</div>'], /400px/],
  ['violations', ['<h1>', '<h1 style="color: #ddd">'], /^color-contrast/],
  ['violations', ['<label for="a">', '<label>'], /^label/],
]

test('each control of a page sees the fault it looks for, and none in a right page', async () => {
  const { page, context } = await unePersonne({ avecScript: true, largeur: 320 })
  const controls = { clavier, dires, debordements, violations: () => violations(page) }
  for (const [control, change, said] of FAUTES) {
    const wrong = juste.replace(...change)
    assert.notEqual(wrong, juste)
    for (const html of [juste, wrong]) {
      await page.goto('about:blank')
      await page.setContent(html)
      await equiper(page)
      const found = (await controls[control](page)).filter(one => !/axe saw too little/.test(one))
      if (html === juste) assert.deepEqual(found, [], control)
      else
        assert.ok(
          found.some(one => said.test(one)),
          `${control} ${said}: ${found.join('\n')}`,
        )
    }
  }
  await context.close()
})
