import type { Modele } from '../demarches/index.ts'
import { definitions } from '../formulaires/index.ts'
import { type Compose, composer } from './composer.ts'
import { type Contenu, type Usage, usages } from './gabarit.ts'
import { marquesPour } from './marques.ts'

/** A text with the name of each mark in brackets in its place, every block shown whatever its condition. */
export function composerSpecimen(contenu: Contenu, usage: Usage, modele: Modele | null): Compose {
  const mots = new Map(marquesPour(usage, modele).map(({ id, libelle }) => [id, `[${libelle}]`]))
  return composer(contenu, mots, () => true, usages[usage])
}

/** The condition of a block as a sentence; undefined when it has none, or when its question has gone. */
export function phraseDeCondition(si: definitions.Expression | undefined, modele: Modele | null): string | undefined {
  if (!si || !modele) return undefined
  return `Seulement si ${definitions.phrase(si, modele.formulaire)}.`
}
