import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { VNode } from 'preact'
import { renderDocument, renderFragment } from '../platform/html/render.ts'
import { ComposantsPage } from './composants.page.tsx'
import { gallery } from './gallery.ts'
import { assertValid } from './html.testing.ts'
import { ErrorSummary, Form, type Lieu, Page, Select, TextInput } from './index.ts'

const assets = { styleHref: '/style.css', scriptHref: '/script.js' }
const lieu: Lieu = {
  nom: 'Vire Normandie',
  chemin: '/vire-normandie',
  telephone: '02 61 91 00 00',
  demonstration: true,
  territoire: 'Vire au Noireau',
  liens: [{ texte: 'Aide', href: '/vire-normandie/aide' }],
}

const idsOf = (html: string): string[] => [...html.matchAll(/\sid="([^"]*)"/g)].map(match => match[1]!)

describe('every example of every component', () => {
  it('is there: one to six examples a component', () => {
    assert.ok(gallery.length >= 29, `only ${gallery.length} components`)
    for (const { id, examples } of gallery) assert.ok(examples.length >= 1, id)
  })

  for (const { id, examples } of gallery)
    for (const { nom, rendu } of examples)
      it(`${id}, ${nom}: is valid, and its references lead somewhere`, async () => {
        const html = renderFragment(rendu)
        await assertValid(html, nom)
        assert.doesNotMatch(html, /\sstyle=|\son[a-z]+=|undefined|\[object/)
        const ids = new Set(idsOf(html))
        for (const [, attribute, value] of html.matchAll(/\s(aria-describedby|aria-labelledby|for)="([^"]*)"/g))
          for (const target of value!.split(' ')) assert.ok(ids.has(target), `${attribute} → ${target}`)
      })

  it('are together one valid page with unique ids', async () => {
    const html = renderDocument(<ComposantsPage lieu={lieu} assets={assets} />)
    const ids = idsOf(html)
    assert.deepEqual(
      ids.filter((value, index) => ids.indexOf(value) !== index),
      [],
    )
    await assertValid(html, 'composants')
  })

  it('link each error and each hint to their field', () => {
    const html = renderFragment(<TextInput name="courriel" label="Adresse" hint="Aide" error="Faux" value={'"><b>'} />)
    assert.match(html, /<input .*id="courriel".* aria-describedby="courriel-hint courriel-error" aria-invalid="true"\/>/)
    assert.match(html, /value="&quot;>&lt;b>"/)
  })

  it('link each error of the summary to the first control of a group', () => {
    const html = renderFragment(gallery.find(({ id }) => id === 'date-input')!.examples[2]!.rendu)
    assert.match(html, /<input [^>]*id="fin"[^>]*name="fin-jour"[^>]*value="31"/)
    assert.match(renderFragment((<ErrorSummary errors={[{ champ: 'fin', message: 'Non' }]} />) as VNode), /href="#fin"/)
  })
})

describe('Page', () => {
  const page = (props: Partial<Parameters<typeof Page>[0]> = {}): string =>
    renderDocument(
      <Page title="Vos enfants" lieu={lieu} assets={assets} {...props}>
        <p>Bonjour</p>
      </Page>,
    )

  it('is a valid document with one h1, in a few elements', async () => {
    const html = page({
      chemin: [{ texte: 'Accueil', href: '/vire-normandie' }],
      connexion: [{ texte: 'Mes dossiers', href: '/dossiers' }],
    })
    await assertValid(html, 'page')
    assert.equal(html.match(/<h1/g)?.length, 1)
    assert.ok((html.match(/<[a-z]/g)?.length ?? 0) <= 40)
  })

  it('says the error in its title, and only then', () => {
    assert.match(page(), /<title>Vos enfants – Vire Normandie<\/title>/)
    assert.match(page({ hasErrors: true }), /<title>Erreur : Vos enfants – Vire Normandie<\/title>/)
  })

  it('asks for the script only when it is enhanced', () => {
    assert.doesNotMatch(page(), /<script/)
    assert.match(page({ enhanced: true }), /<script src="\/script.js" defer/)
  })

  it('says that it is a demonstration, and only then', () => {
    assert.match(page(), /Démonstration : personnes, numéros et dossiers fictifs/)
    assert.doesNotMatch(page({ lieu: { ...lieu, demonstration: false } }), /Démonstration/)
  })

  it('shows only arms that came as an image', () => {
    assert.match(page({ lieu: { ...lieu, logo: 'data:image/png;base64,AA==' } }), /<img src="data:image/)
    assert.doesNotMatch(page({ lieu: { ...lieu, logo: 'https://ailleurs.example/x.png' } }), /<img/)
  })
})

describe('a form', () => {
  it('is sent by the script only when it can be sent twice without harm', () => {
    const html = (props: object): string =>
      renderFragment(
        <Form action="/x" {...props}>
          …
        </Form>,
      )
    assert.match(html({ cle: 'k' }), /data-module="form-send"/)
    for (const props of [{}, { cle: 'k', natif: true }, { cle: 'k', method: 'get' }]) assert.doesNotMatch(html(props), /data-module/)
  })

  it('leads nowhere else than to a page', () => {
    assert.match(renderFragment(<Form action="javascript:alert(1)">…</Form>), /action="#"/)
  })

  it('refuses a drop-down list that is too long for a page', () => {
    const options = Array.from({ length: 51 }, (_, index) => ({ value: String(index), label: String(index) }))
    assert.throws(() => renderFragment(<Select name="s" label="S" options={options} />), RangeError)
  })
})
