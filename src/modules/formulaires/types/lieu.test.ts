import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acceptEtape } from '../accept-etape.ts'
import { aucuneReponse } from '../answers.ts'
import type { Env } from '../expression.ts'
import { recapitulatif } from '../recapitulatif.ts'
import type { Reponse } from '../recherche.ts'
import { recherchesDe } from '../recherches.ts'

const formulaire = {
  etapes: [{ id: 'ou', titre: 'Où', champs: [{ type: 'lieu' as const, id: 'x', libelle: 'Où ?', enPhrase: 'le lieu' }] }],
}
const env: Env = {
  aujourdhui: '2026-11-21',
  commune: { nom: 'Vire Normandie', insee: '14762', epci: '200068799', departement: '14', region: '28', population: 17_000 },
  parametres: {},
}
const lire = (x: string, found?: Reponse) =>
  acceptEtape(formulaire, 'ou', { x }, aucuneReponse, found ? { ...env, trouvailles: new Map([['x', found]]) } : env)
const valeur = (x: string, found?: Reponse) => {
  const done = lire(x, found)
  return done.ok ? done.reponses.champs.x : assert.fail(JSON.stringify(done.erreurs))
}
const pres = {
  cle: 'point',
  libelle: '5 Rue de l’Essai, 14500 Vire Normandie',
  valeurs: { voie: '5 Rue de l’Essai', code: '14762', lat: '48.9', lon: '-0.9' },
}
const point = { lat: 48.8385, lon: -0.8893, point: true }

test('what is near a point is asked, not an address; nothing is asked of a point out of the Earth', () => {
  const asked = (x: string) => recherchesDe(formulaire, 'ou', { x }, aucuneReponse, env).get('x')
  assert.deepEqual(asked('devant le pont 48,8385, -0,8893'), { source: 'point', mots: '48.8385 -0.8893' })
  assert.deepEqual(asked('devant le pont'), { source: 'adresse', mots: 'devant le pont' })
  assert.equal(asked('98,8385, -0,8893'), undefined)
})

test('a point keeps the coordinates given and the words typed; the address near only says where that is', () => {
  assert.deepEqual(valeur('48,8385, -0,8893', [pres]), {
    libelle: 'Près de : 5 Rue de l’Essai, 14500 Vire Normandie',
    voie: '5 Rue de l’Essai',
    code: '14762',
    ...point,
  })
  assert.deepEqual(valeur('le banc (48,8385, -0,8893)', [pres]), { libelle: 'le banc', voie: '5 Rue de l’Essai', code: '14762', ...point })
  for (const found of ['indisponible' as const, [], undefined])
    assert.deepEqual(valeur('48,8385, -0,8893', found), { libelle: '48,83850, -0,88930', ...point })
})

test('a point far away is accepted, and said to be so wherever it is read', () => {
  const done = lire('-0,8893, 48,8385', [{ cle: 'point', libelle: '', valeurs: { km: '7499' } }])
  assert.ok(done.ok)
  const [ligne] = recapitulatif(formulaire, done.reponses, env)[0]!.lignes
  assert.equal(ligne?.valeur, '-0,88930, 48,83850')
  assert.deepEqual([ligne?.lieu?.lat, ligne?.lieu?.lon], [-0.8893, 48.8385])
  assert.match(ligne?.lieu?.alerte ?? '', /^Ce point est à 7\s499\skm du centre de la commune/)
})

test('an address found has a plan too; words alone have none', () => {
  const of = (x: string, found: Reponse) => {
    const done = lire(x, found)
    return done.ok ? recapitulatif(formulaire, done.reponses, env)[0]!.lignes[0]?.lieu : assert.fail()
  }
  assert.deepEqual(of('5 rue de l’essai, 14500 vire normandie', [pres]), { lat: 48.9, lon: -0.9, alerte: null })
  assert.equal(of('devant la mairie', []), undefined)
})

test('words too long beside coordinates are refused; the address of a map page, however long, is not', () => {
  const refused = lire(`${'mot '.repeat(80)} 48,8385, -0,8893`)
  assert.ok(!refused.ok && /250 caractères/.test(refused.erreurs[0]!.message))
  assert.deepEqual(valeur(`https://www.google.com/maps/@48.8385,-0.8893,17z/${'data='.repeat(100)}`), {
    libelle: '48,83850, -0,88930',
    ...point,
  })
})
