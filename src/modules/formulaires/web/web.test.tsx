import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { renderToString } from 'preact-render-to-string'
import { acceptEtape } from '../accept-etape.ts'
import { aucuneReponse, setPieces } from '../answers.ts'
import type { Env } from '../expression.ts'
import { type Formulaire, schemaFormulaire } from '../formulaire.ts'
import { recapitulatif } from '../recapitulatif.ts'
import type { Saisie } from '../saisie.ts'
import { types } from '../types/index.ts'
import { ChampsDeLEtape } from './etape-form.tsx'
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
const etape = formulaire.etapes[0] ?? assert.fail()
const page = (saisie?: Saisie, erreurs: { champ: string; message: string }[] = [], reponses = aucuneReponse) =>
  renderToString(<ChampsDeLEtape formulaire={formulaire} etape={etape} reponses={reponses} env={env} saisie={saisie} erreurs={erreurs} />)

describe('the page of an étape', () => {
  it('shows every type, each control with the name that is read', () => {
    const html = page()
    for (const type of Object.keys(types))
      assert.ok(
        etape.champs.some(champ => champ.type === type),
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
