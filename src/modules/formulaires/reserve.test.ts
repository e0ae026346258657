import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkFormulaire } from './check-formulaire.ts'
import { schemaFormulaire } from './formulaire.ts'
import { annotationsDe, avecAnnotations, partPublique, problemesDAnnotation } from './reserve.ts'

const ouiNon = (id: string, more: object = {}) => ({ id, type: 'oui_non', libelle: id, ...more })
const forme = (over: { publique?: object; reservee?: object; refusSi?: object[]; premiere?: boolean } = {}) => ({
  etapes: [
    ...(over.premiere ? [] : [{ id: 'demande', titre: 'Demande', champs: [ouiNon('urgent', over.publique)] }]),
    {
      id: 'agents',
      titre: 'Pour les agents',
      reservee: true,
      champs: [ouiNon('visite'), ouiNon('conforme', { visibleSi: { op: 'n_est_pas_vide', termes: [{ champ: 'visite' }] } })],
      ...over.reservee,
    },
    { id: 'fin', titre: 'Fin', champs: [{ id: 'mot', type: 'texte', libelle: 'Mot', obligatoire: false }] },
  ],
  ...(over.refusSi ? { refusSi: over.refusSi } : {}),
})
const ENV = {
  aujourdhui: '2026-11-21',
  commune: { nom: '', insee: '', epci: '', departement: '', region: '', population: 0 },
  parametres: {},
}
const messages = (definition: unknown) => checkFormulaire(definition).map(({ lieu, message }) => `${lieu} ${message}`)
const vide = { op: 'n_est_pas_vide', termes: [{ champ: 'visite' }] }

test('a form with an étape reserved to agents is sound; agents may read what the person is asked, before or after', () => {
  assert.deepEqual(messages(forme()), [])
  for (const champ of ['urgent', 'mot']) {
    const condition = { op: 'n_est_pas_vide', termes: [{ champ }] }
    assert.deepEqual(messages(forme({ reservee: { visibleSi: condition } })), [], champ)
  }
})

test('nothing that a person is asked or refused may depend on what agents note', () => {
  for (const over of [{ publique: { visibleSi: vide } }, { refusSi: [{ expression: vide, explication: 'Non.' }] }])
    assert.ok(
      messages(forme(over)).some(one => one.includes('« visite », réservé aux agents')),
      JSON.stringify(over),
    )
  const withCalcul = forme()
  withCalcul.etapes[2]!.champs.push({
    id: 'total',
    type: 'calcul',
    libelle: 'Total',
    nature: 'nombre',
    expression: { op: 'si', termes: [vide, { constante: 1 }, { constante: 0 }] },
    explication: 'Calcul.',
  } as never)
  assert.ok(messages(withCalcul).some(one => /total.*réservé aux agents/.test(one)))
  assert.ok(messages(forme({ premiere: true })).some(one => one.includes('la première étape est pour la personne')))
  const repetition = { min: 1, max: 2, nom: { singulier: 'a', pluriel: 'as' }, titreLigne: 'A' }
  assert.ok(messages(forme({ reservee: { repetition } })).some(one => one.includes('ne se répète pas')))
  assert.ok(messages({ etapes: [{ ...forme().etapes[0], reservee: false }] }).length > 0)
})

test('the public part has no trace of what is reserved, and is the form itself when nothing is', () => {
  const formulaire = schemaFormulaire.parse(forme())
  const part = partPublique(formulaire)
  assert.deepEqual(
    part.etapes.map(({ id }) => id),
    ['demande', 'fin'],
  )
  assert.equal(partPublique(part), part)
  assert.equal(partPublique(formulaire), part)
})

test('annotations are read with the answers, and what misses is told only where agents answer', () => {
  const formulaire = schemaFormulaire.parse(forme())
  const reponses = { champs: {}, lignes: {} }
  const nothing = { champs: {}, lignes: {} }
  assert.deepEqual(
    problemesDAnnotation(formulaire, reponses, nothing, ENV).map(({ champ }) => champ),
    ['visite'],
  )
  const noted = { champs: { visite: true }, lignes: {} }
  assert.deepEqual(
    problemesDAnnotation(formulaire, reponses, noted, ENV).map(({ champ }) => champ),
    ['conforme'],
  )
  assert.deepEqual(problemesDAnnotation(formulaire, reponses, { champs: { visite: true, conforme: false }, lignes: {} }, ENV), [])
  assert.deepEqual(annotationsDe(formulaire, avecAnnotations({ champs: { mot: 'Bonjour' }, lignes: {} }, noted)), noted)
})
