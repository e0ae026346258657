import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What one machine of proof found: a section of docs/preuves.md. */
export interface Preuve {
  /** A short name, ASCII: the file and the order of the page. */
  readonly machine: string
  /** What it tries to break, in a sentence of the page. */
  readonly titre: string
  /** Each figure, with what was to be reached. */
  readonly mesures: readonly { readonly nom: string; readonly valeur: string; readonly cible: string; readonly tenue: boolean }[]
  /** What it does not prove, said plainly; without any figure, why this machine could not play it. */
  readonly nonJoue?: readonly string[]
  /** What was seen, line by line, kept with the figures. */
  readonly tableau?: { readonly colonnes: readonly string[]; readonly lignes: readonly (readonly string[])[] }
}

/** Whether the machines play in full (`.ci/run`, `npm run preuves`) and not the quick way of `npm test`. */
export const isComplet = process.env.PARVIS_COMPLET === '1'

/** How many times: the quick number in `npm test`, the full one otherwise. */
export const combien = (rapide: number, complet: number): number => (isComplet ? complet : rapide)

/** Leaves what was found in the folder PARVIS_PREUVES, where `npm run preuves` makes its page of it; does nothing without that folder. */
export function noterPreuve(preuve: Preuve): void {
  const folder = process.env.PARVIS_PREUVES
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${preuve.machine}.json`), `${JSON.stringify({ ...preuve, complet: isComplet }, null, 2)}\n`)
}
