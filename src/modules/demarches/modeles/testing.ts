import assert from 'node:assert/strict'
import { type Env, problems } from '../../formulaires/index.ts'
import { envDe, type Modele } from '../index.ts'
import { type Exemple, exemples, jouerExemple, modeles } from '../livre.ts'

const commune = { nom: 'Vire Normandie', insee: '14762', epci: '200068799', departement: '14', region: '28', population: 17000 }

/** The day of the tests. */
export const today = '2026-11-21'

/** A template shipped; fails when there is none of that id. */
export const modele = (id: string): Modele => modeles.find(candidate => candidate.id === id) ?? assert.fail(`no model ${id}`)

/** The facts in which the tests read a template, with settings of the commune when said. */
export const env = (found: Modele, day = today, reglages: Readonly<Record<string, unknown>> = {}): Env =>
  envDe(found, day, commune, reglages)

/** A sample of a template, by rank; fails when there is none. */
export const exemple = (id: string, rank: number): Exemple => exemples[id]?.[rank] ?? assert.fail(`no sample ${id} ${rank}`)

/** A sample with some posted values replaced in one étape, in each of its rows. */
export function change(
  base: Exemple,
  etape: string,
  saisie: Readonly<Record<string, string | string[]>>,
  dansJours: Readonly<Record<string, number>> = {},
): Exemple {
  return {
    ...base,
    envois: base.envois.map(envoi =>
      envoi.etape === etape ? { ...envoi, saisie: { ...envoi.saisie, ...saisie }, dansJours: { ...envoi.dansJours, ...dansJours } } : envoi,
    ),
  }
}

/** The fields at fault once a sample was posted. */
export function errorsOf(id: string, posted: Exemple): string[] {
  const found = modele(id)
  const played = jouerExemple(found, posted, env(found))
  return [...played.erreurs, ...problems(found.formulaire, played.reponses, env(found))].map(({ champ }) => champ)
}
