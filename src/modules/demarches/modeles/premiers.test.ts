import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parcours, problems, recapitulatif } from '../../formulaires/index.ts'
import { textes } from '../index.ts'
import { jouerExemple } from '../livre.ts'
import { change, env, errorsOf, exemple, modele } from './testing.ts'

describe('acte d’état civil', () => {
  const id = 'acte-etat-civil'
  const etapes = (rank: number) => {
    const found = modele(id)
    const { reponses } = jouerExemple(found, exemple(id, rank), env(found))
    return parcours(found.formulaire, reponses, env(found)).map(({ etape }) => etape.id)
  }

  it('asks the parents for a copy, never for a death nor for a stranger', () => {
    assert.ok(etapes(0).includes('parents'))
    assert.ok(!etapes(2).includes('parents') && !etapes(2).includes('qualite'))
    assert.ok(!etapes(3).includes('parents'))
    assert.ok(etapes(4).includes('parents'))
  })

  it('does not let a brother choose a full copy by posting it', () => {
    const found = modele(id)
    const hostile = change(exemple(id, 3), 'document', { forme: 'copie' })
    const { reponses, erreurs } = jouerExemple(found, hostile, env(found))
    assert.deepEqual(erreurs, [])
    assert.equal(Object.hasOwn(reponses.champs, 'forme'), false)
  })

  it('opens an act to all on the day it is 75 years old, not the day before', () => {
    const on = (day: string) => ({ 'dateActe-jour': day, 'dateActe-mois': '11', 'dateActe-annee': '1951' })
    const formOf = (day: string) => {
      const found = modele(id)
      const played = jouerExemple(found, change(exemple(id, 3), 'acte', on(day)), env(found))
      return parcours(found.formulaire, played.reponses, env(found))
        .find(({ etape }) => etape.id === 'document')
        ?.champs.some(({ champ }) => champ.id === 'forme')
    }
    assert.equal(formOf('21'), true)
    assert.equal(formOf('22'), false)
  })

  const hostile: [string, string, Record<string, string>][] = [
    ['a birth tomorrow', 'acte', { 'dateActe-jour': '22', 'dateActe-mois': '11', 'dateActe-annee': '2026' }],
    ['an unknown act', 'acte', { nature: 'adoption' }],
    ['four copies', 'document', { exemplaires: '4' }],
    ['no copy', 'document', { exemplaires: '0' }],
    ['no name', 'titulaire', { titulaireNom: '\u0000 \u202e' }],
    ['no address for the post', 'coordonnees', { 'adresse-voie': '', 'adresse-codePostal': '', 'adresse-commune': '' }],
    ['an e-mail of two lines', 'coordonnees', { courriel: 'a@courriel.example\r\nbcc: b@courriel.example' }],
    ['no commitment', 'coordonnees', { honneur: '' }],
  ]
  for (const [what, etape, saisie] of hostile)
    it(`refuses ${what}`, () => assert.notDeepEqual(errorsOf(id, change(exemple(id, 0), etape, saisie)), []))

  it('tells a child of fifteen that a parent must ask, and lets one of sixteen ask', () => {
    const born = (annee: string) =>
      change(exemple(id, 0), 'acte', { 'dateActe-jour': '21', 'dateActe-mois': '11', 'dateActe-annee': annee })
    assert.deepEqual(errorsOf(id, born('2011')), ['nature'])
    assert.deepEqual(errorsOf(id, born('2010')), [])
  })

  it('refuses a guardian without proof', () => {
    const guardian = exemple(id, 5)
    assert.ok(errorsOf(id, { ...guardian, envois: guardian.envois.map(({ pieces: _, ...envoi }) => envoi) }).includes('preuve'))
  })
})

describe('restauration scolaire', () => {
  const id = 'restauration-scolaire'
  const priceOf = (rank: number) => {
    const found = modele(id)
    const { reponses } = jouerExemple(found, exemple(id, rank), env(found))
    const lines = recapitulatif(found.formulaire, reponses, env(found)).flatMap(({ lignes }) => lignes)
    return ['repasParSemaine', 'prixRepas', 'estimation'].map(champ => lines.find(line => line.champ === champ)?.valeur.replace(/\s/g, ' '))
  }

  it('computes the price from the scale of the commune', () => {
    assert.deepEqual(priceOf(0), ['4', '2,10 €', '33,60 €'])
    assert.deepEqual(priceOf(1), ['3', '4,20 €', '50,40 €'])
    assert.deepEqual(priceOf(2), ['2', '4,20 €', '33,60 €'])
    assert.deepEqual(priceOf(3), ['7', '1,00 €', '28,00 €'])
  })

  it('writes the decision with the answers, and drops a sentence that would have a hole', () => {
    const found = modele(id)
    const { reponses } = jouerExemple(found, exemple(id, 0), env(found))
    const mots = textes.motsDesReponses(found, reponses, env(found))
    const words = found.decision.texteAcceptation
      .map(text => textes.remplir(text, mots))
      .join(' ')
      .replace(/\s/g, ' ')
    assert.match(words, /Premier repas : 5 décembre 2026\..*Prix d’un repas : 2,10 €\..*2 jours avant/)
    const empty = textes.motsDesReponses(found, { champs: {}, lignes: {} }, env(found))
    assert.deepEqual([textes.remplir('Début : {debut}.', empty), textes.remplir('Reste.', empty)], [null, 'Reste.'])
  })

  it('refuses an allergy without its document, no child, too many, a first meal too soon', () => {
    const base = exemple(id, 1)
    assert.ok(errorsOf(id, { ...base, envois: base.envois.map(({ pieces: _, ...envoi }) => envoi) }).includes('pai'))
    assert.ok(errorsOf(id, { ...base, envois: base.envois.filter(({ etape }) => etape !== 'enfants') }).includes('enfants'))
    const child = base.envois[1] ?? assert.fail()
    assert.ok(
      errorsOf(id, { ...base, envois: Array.from({ length: 9 }, (_, rank) => ({ ...child, rowId: `e-${rank}` })) }).includes('enfants'),
    )
    assert.ok(errorsOf(id, change(base, 'debutRepas', {}, { debut: 6 })).includes('debut'))
    assert.ok(errorsOf(id, change(base, 'enfants', { jours: ['samedi'] })).includes('jours'))
    assert.ok(errorsOf(id, change(base, 'ressources', { quotient: '12 €' })).includes('quotient'))
  })
})

describe('occupation du domaine public', () => {
  const id = 'occupation-domaine-public'
  it('refuses a short notice, a long stay, an end before the beginning, a wrong length', () => {
    const base = exemple(id, 1)
    assert.ok(errorsOf(id, change(base, 'dates', {}, { debut: 14 })).includes('debut'))
    assert.ok(errorsOf(id, change(base, 'dates', {}, { fin: 29 })).includes('fin'))
    assert.ok(errorsOf(id, change(base, 'dates', {}, { fin: 800 })).includes('fin'))
    for (const longueur of ['0', '-3', '12,55', '1e3', 'douze', '501'])
      assert.ok(errorsOf(id, change(base, 'emplacement', { longueur })).includes('longueur'))
  })

  it('says again at filing that the notice has become too short', () => {
    const found = modele(id)
    const { reponses } = jouerExemple(found, exemple(id, 0), env(found))
    assert.deepEqual(problems(found.formulaire, reponses, env(found, '2026-11-26')), [])
    assert.deepEqual(new Set(problems(found.formulaire, reponses, env(found, '2026-11-27')).map(({ champ }) => champ)), new Set(['debut']))
  })

  it('refuses a skip without plan nor insurance', () => {
    const base = exemple(id, 1)
    const found = errorsOf(id, { ...base, envois: base.envois.filter(({ etape }) => etape !== 'documents') })
    assert.ok(found.includes('plan') && found.includes('assurance'))
  })

  it('drops the vehicles when the project is no longer a removal', () => {
    const found = modele(id)
    const base = exemple(id, 0)
    const after = { ...base, envois: [...base.envois, { etape: 'projet', saisie: { nature: 'benne', description: 'Une benne.' } }] }
    assert.deepEqual(jouerExemple(found, after, env(found)).reponses.lignes, {})
  })
})
