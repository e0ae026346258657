import assert from 'node:assert/strict'
import { test } from 'node:test'
import { modeles } from '../../demarches/livre.ts'
import { distanceDuDossier, moisDeDistance, recoursAvecDistance, territoireDuCodePostal } from './distance.ts'
import { finDuRecours, horlogesDe } from './horloges.ts'

// The court of a collectivité, where the person lives, the months more of CJA R421-7.
for (const [tribunal, codePostal, attendu, pourquoi] of [
  ['14', '14500', 0, 'both in metropolitan France'],
  ['14', '20000', 0, 'Corsica is metropolitan'],
  ['14', '97110', 1, 'Guadeloupe, first paragraph'],
  ['14', '97200', 1, 'Martinique'],
  ['14', '97300', 1, 'Guyane'],
  ['14', '97400', 1, 'La Réunion'],
  ['14', '97500', 1, 'Saint-Pierre-et-Miquelon'],
  ['14', '97600', 1, 'Mayotte'],
  ['14', '97133', 1, 'Saint-Barthélemy'],
  ['14', '97150', 1, 'Saint-Martin'],
  ['14', '98600', 1, 'Wallis-et-Futuna'],
  ['14', '98714', 1, 'Polynésie française'],
  ['14', '98800', 1, 'Nouvelle-Calédonie'],
  ['14', '98413', 1, 'Terres australes et antarctiques françaises'],
  ['14', '98000', 2, 'Monaco is abroad, whatever its postcode'],
  ['971', '97110', 0, 'before their own court'],
  ['971', '75001', 1, 'from metropolitan France to an overseas court, second paragraph'],
  ['971', '97200', 1, 'from another overseas territory'],
  ['971', '97150', 1, 'Saint-Martin has its own court'],
  ['974', '98413', 1, 'the TAAF are not La Réunion'],
  ['988', '98000', 2, 'abroad, third paragraph'],
] as const)
  test(`appeal to the court of ${tribunal} from ${codePostal}: ${attendu} months more, ${pourquoi}`, () => {
    assert.equal(moisDeDistance(tribunal, territoireDuCodePostal(codePostal)), attendu)
  })

test('what is unknown adds nothing, and the rule is said', () => {
  assert.equal(moisDeDistance('14', undefined), undefined)
  assert.equal(moisDeDistance(null, '971'), undefined)
  const modele = modeles.find(({ demandeur }) => demandeur.adresse)!
  const of = (champs: Record<string, unknown>) =>
    distanceDuDossier({ collectivite: { departement: '14' }, modele, dossier: { reponses: { champs, lignes: {} } as never } })
  const champ = modele.demandeur.adresse!
  assert.equal(of({ [champ]: { voie: '1 rue', complement: '', codePostal: '97400', commune: 'Saint-Denis' } }), 1)
  for (const nothing of [
    {},
    { [champ]: null },
    { [champ]: 'une ligne' },
    { [champ]: { codePostal: 97400 } },
    { [champ]: { codePostal: 'x' } },
  ])
    assert.equal(of(nothing), undefined, JSON.stringify(nothing))
})

test('the last day moves by whole months, and by the rules of any other last day', () => {
  assert.equal(finDuRecours('2026-01-15', { departement: '14' }), '2026-03-16')
  assert.equal(finDuRecours('2026-01-15', { departement: '14', distance: 0 }), '2026-03-16')
  assert.equal(finDuRecours('2026-01-15', { departement: '14', distance: 1 }), '2026-04-16')
  assert.equal(finDuRecours('2026-01-15', { departement: '14', distance: 2 }), '2026-05-18', 'the 16th is a Saturday')
  const events = [
    { nature: 'deposer', le: new Date('2026-01-05T10:00:00Z'), donnees: {} },
    { nature: 'refuser', le: new Date('2026-01-15T10:00:00Z'), donnees: {} },
  ] as const
  const modele = { regime: 'ordinaire', silence: { effet: 'acceptation', mois: 2, texte: '' } } as const
  const recours = (distance: 0 | 1 | undefined) =>
    horlogesDe(modele, events, { fuseau: 'Europe/Paris', departement: '14', distance }).find(({ nature }) => nature === 'recours')!
  assert.deepEqual([recours(undefined).echeance, recours(0).echeance, recours(1).echeance], ['2026-03-16', '2026-03-16', '2026-04-16'])
  assert.match(recours(1).source, /R421-7/)
  assert.doesNotMatch(recours(0).source, /R421-7/)
})

test('the words: the time of this person, or the rule, and only where that court is named', () => {
  const recours = 'Vous pouvez saisir le tribunal administratif dans les deux mois.'
  assert.equal(recoursAvecDistance(recours, '14', 0), recours)
  assert.match(recoursAvecDistance(recours, '14', 1), /un mois de plus pour saisir le tribunal : trois mois en tout\..*R421-7/)
  assert.match(recoursAvecDistance(recours, '14', 2), /deux mois de plus pour saisir le tribunal : quatre mois en tout/)
  assert.match(recoursAvecDistance(recours, '14', undefined), /qui demeure outre-mer a un mois de plus ; à l’étranger, deux mois/)
  assert.match(recoursAvecDistance(recours, '974', undefined), /qui demeure hors de ce territoire/)
  const other = 'Vous pouvez saisir le procureur de la République.'
  assert.equal(recoursAvecDistance(other, '14', 1), other)
})
