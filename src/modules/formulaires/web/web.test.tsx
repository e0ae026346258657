import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { renderToString } from 'preact-render-to-string'
import { assertValid } from '../../../ui/html.testing.ts'
import { acceptEtape, type Erreur } from '../accept-etape.ts'
import { saisieDe } from '../affichage.ts'
import { aucuneReponse, setPieces } from '../answers.ts'
import { exemplesDeTypes } from '../exemples.ts'
import type { Env } from '../expression.ts'
import { type Formulaire, schemaFormulaire } from '../formulaire.ts'
import { recapitulatif } from '../recapitulatif.ts'
import type { Recherche } from '../recherche.ts'
import type { Saisie } from '../saisie.ts'
import { types } from '../types/index.ts'
import { avecTrouvailles } from './avec-trouvailles.ts'
import { ChampsDeLEtape } from './etape-form.tsx'
import { ExemplesDeTypes } from './exemples-de-types.tsx'
import { Recapitulatif } from './recapitulatif.tsx'

const env: Env = {
  aujourdhui: '2026-11-21',
  commune: { nom: 'Vire Normandie', insee: '14762', epci: '200068799', departement: '14', region: '28', population: 17000 },
  parametres: {},
}
const options = (count: number) => Array.from({ length: count }, (_, rank) => ({ id: `o${rank}`, libelle: `Option ${rank}` }))
const simples = [
  'texte',
  'texte_long',
  'oui_non',
  'case',
  'date',
  'entier',
  'decimal',
  'montant',
  'courriel',
  'telephone',
  'code_postal',
  'adresse',
  'piece',
]

/** A form with every type of field, and a long list. */
const formulaire: Formulaire = schemaFormulaire.parse({
  etapes: [
    {
      id: 'tout',
      titre: 'Tout',
      champs: [
        ...simples.map(type => ({ type, id: `f_${type}`, libelle: `Champ ${type}` })),
        { type: 'choix', id: 'f_choix', libelle: 'Champ choix', options: options(7) },
        { type: 'choix', id: 'f_liste', libelle: 'Champ liste', options: options(8) },
        { type: 'choix_multiple', id: 'f_choix_multiple', libelle: 'Champ multiple', options: options(3) },
        { type: 'calcul', id: 'f_calcul', libelle: 'Prix', nature: 'montant', expression: { montant: 350 }, explication: 'Fixe.' },
        { type: 'explication', id: 'f_explication', libelle: 'Note', texte: 'Une ligne.\nUne <autre> ligne.'.replace(/[<>]/g, '') },
        {
          type: 'texte',
          id: 'seulement',
          libelle: 'Précision',
          visibleSi: { op: '=', termes: [{ champ: 'f_oui_non' }, { constante: true }] },
        },
      ],
    },
  ],
})
// Every other type: one étape of its own.
const autres: Formulaire = schemaFormulaire.parse({
  etapes: [
    {
      id: 'autres',
      titre: 'Autres',
      champs: exemplesDeTypes
        .filter(({ type }) => !simples.includes(type) && !['choix', 'choix_multiple', 'calcul', 'explication'].includes(type))
        .map(({ champ, type }) => ({ ...champ, id: `f_${type}` })),
    },
  ],
})
const etape = formulaire.etapes[0] ?? assert.fail()
const page = (saisie?: Saisie, erreurs: { champ: string; message: string }[] = [], reponses = aucuneReponse) =>
  renderToString(<ChampsDeLEtape formulaire={formulaire} etape={etape} reponses={reponses} env={env} saisie={saisie} erreurs={erreurs} />)

describe('the page of an étape', () => {
  it('shows every type, each control with the name that is read', () => {
    const html = page()
    for (const type of Object.keys(types))
      assert.ok(
        [...etape.champs, ...autres.etapes[0]!.champs].some(champ => champ.type === type),
        `${type} is not tried`,
      )
    for (const type of simples) {
      const parts =
        type === 'date' ? ['-jour', '-mois', '-annee'] : type === 'adresse' ? ['-voie', '-complement', '-codePostal', '-commune'] : ['']
      for (const part of parts) assert.match(html, new RegExp(`name="f_${type}${part}"`))
    }
    assert.equal(html.match(/name="f_choix"/g)?.length, 7)
    assert.match(html, /<select[^>]*name="f_liste"/)
    assert.match(html, /Prix\u00a0: 3,50/)
    assert.match(html, /À remplir seulement si «\u00a0Champ oui_non\u00a0» est Oui\./)
  })

  it('keeps what was typed, escaped, and puts each error on its control', () => {
    const saisie = {
      f_texte: '"><script>',
      'f_date-jour': '31',
      'f_date-mois': 'nov',
      f_choix: 'o2',
      f_choix_multiple: ['o0', 'o2'],
      'f_adresse-codePostal': '145',
      f_entier: 'douze',
    }
    const result = acceptEtape(formulaire, 'tout', saisie, aucuneReponse, env)
    assert.ok(!result.ok)
    const html = page(result.saisie, [...result.erreurs])
    assert.match(html, /value="&quot;>&lt;script>"|value="&quot;&gt;&lt;script&gt;"/)
    assert.doesNotMatch(html, /<script/)
    for (const typed of ['value="31"', 'value="nov"', 'value="145"', 'value="douze"']) assert.ok(html.includes(typed), typed)
    assert.equal(html.match(/ checked/g)?.length, 3)
    for (const { champ } of result.erreurs) assert.match(html, new RegExp(`id="${champ}"`), champ)
    for (const { message } of result.erreurs) assert.ok(html.includes(message.replaceAll('"', '&quot;')), message)
  })

  it('lists the files received', () => {
    const reponses = setPieces(formulaire, aucuneReponse, 'f_piece', [{ id: 'p1', nom: 'plan <a>.pdf', tailleOctets: 1_250_000 }])
    const html = page(undefined, [], reponses)
    assert.match(html, /plan &lt;a>?(&gt;)?\.pdf/)
    assert.match(html, /1,3\u00a0Mo/)
  })
})

const inForm = (html: string) => `<form>${html}<button type="submit">Continuer</button></form>`

describe('the other types', () => {
  const render = (saisie: Saisie, erreurs: readonly Erreur[] = []) =>
    renderToString(
      <ChampsDeLEtape formulaire={autres} etape={autres.etapes[0]!} reponses={aucuneReponse} env={env} saisie={saisie} erreurs={erreurs} />,
    )

  it('are valid HTML, empty, filled, refused and with what was found', async () => {
    await assertValid(inForm(render({})), 'empty')
    for (const states of ['bons', 'mauvais'] as const) {
      const saisie: Saisie = Object.assign(
        {},
        ...exemplesDeTypes.map(exemple => {
          const posted = exemple[states].at(0)?.saisie ?? {}
          return Object.fromEntries(Object.entries(posted).map(([name, text]) => [name.replace(/^x/, `f_${exemple.type}`), text]))
        }),
      )
      const trouvailles = new Map(exemplesDeTypes.flatMap(({ type, trouvailles: found }) => (found ? [[`f_${type}`, found] as const] : [])))
      const result = acceptEtape(autres, 'autres', saisie, aucuneReponse, { ...env, trouvailles })
      assert.equal(result.ok, states === 'bons')
      const erreurs = result.ok ? [] : result.erreurs
      const html = render(saisie, erreurs)
      await assertValid(inForm(html), states)
      for (const { champ, message } of erreurs) {
        assert.match(html, new RegExp(`id="${champ}"`), champ)
        assert.ok(html.includes(message), message)
      }
    }
  })

  it('propose what was found, and keep the choice when the page comes back for something else', () => {
    const propositions = [
      { cle: '14762', libelle: 'Vire <Normandie>', valeurs: {} },
      { cle: '14061', libelle: 'Souleuvre', valeurs: {} },
    ]
    const html = render({ f_commune: '14500' }, [
      { champ: 'f_commune-choix', message: 'Choisissez la commune dans la liste.', propositions },
    ])
    assert.equal(html.match(/type="radio"[^>]*name="f_commune-choix"/g)?.length, 3)
    assert.match(html, /Vire &lt;Normandie/)
    assert.match(html, /<input type="hidden" name="f_commune-mots" value="14500"/)
    const back = render({ f_commune: '14500', 'f_commune-choix': '14762', 'f_commune-mots': '14500' }, [
      { champ: 'f_pays', message: 'Non.' },
    ])
    assert.match(back, /<input type="hidden" name="f_commune-choix" value="14762"/)
    assert.doesNotMatch(render({ f_commune: 'Caen', 'f_commune-choix': '14762', 'f_commune-mots': '14500' }), /14762/)
  })
})

describe('the page of examples', () => {
  it('shows every type in every state, valid, each id once', async () => {
    const html = renderToString(<ExemplesDeTypes />)
    await assertValid(inForm(html), 'exemples')
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(match => match[1])
    assert.deepEqual(
      ids.filter((id, rank) => ids.indexOf(id) < rank),
      [],
    )
    assert.equal(html.match(/<h2>/g)?.length, Object.keys(types).length)
    assert.ok((html.match(/class="error"/g)?.length ?? 0) >= 40)
  })
})

describe('the look-ups of a page', () => {
  const vire = exemplesDeTypes.find(({ type }) => type === 'commune')!.trouvailles!
  it('are asked for what was typed and is not stored yet', async () => {
    const asked: string[] = []
    const chercher = (recherche: Recherche) => {
      asked.push(`${recherche.source} ${recherche.mots}`)
      return recherche.source === 'commune' ? Promise.resolve(vire) : Promise.reject(new Error('away'))
    }
    const saisie = { f_commune: 'Vire Normandie', f_lieu: 'la mairie', f_epci: '' }
    const found = await avecTrouvailles(autres, 'autres', saisie, aucuneReponse, env, chercher)
    assert.deepEqual(asked.sort(), ['adresse la mairie', 'commune Vire Normandie'])
    assert.deepEqual(found.trouvailles?.get('f_lieu'), 'indisponible')
    const reponses = { champs: { f_commune: exemplesDeTypes.find(({ type }) => type === 'commune')!.bons[0]!.valeur }, lignes: {} }
    const stored = saisieDe(autres, 'autres', reponses)
    assert.equal(stored.f_commune, 'Vire Normandie (14500)')
    assert.equal((await avecTrouvailles(autres, 'autres', stored, reponses, env, chercher)).trouvailles, undefined)
    assert.equal(asked.length, 2)
  })
})

describe('the summary', () => {
  it('shows answers, files and what was left empty', () => {
    const reponses = setPieces(
      formulaire,
      { champs: { f_texte: '<b>', f_adresse: { voie: '1 rue', complement: '', codePostal: '14500', commune: 'Vire' } }, lignes: {} },
      'f_piece',
      [{ id: 'p1', nom: 'plan.pdf', tailleOctets: 10 }],
    )
    const html = renderToString(
      <Recapitulatif
        sections={recapitulatif(formulaire, reponses, env)}
        changerHref={({ champ }) => `/etape/tout#${champ}`}
        pieceHref={id => `/pieces/${id}`}
      />,
    )
    assert.match(html, /&lt;b/)
    assert.match(html, /1 rue<br\s?\/?>14500 Vire/)
    assert.match(html, /href="\/pieces\/p1"/)
    assert.match(html, /href="\/etape\/tout#f_texte"/)
    assert.match(html, /Non renseigné/)
  })
})
