import { definitions, type Formulaire, type Reponses } from '../formulaires/index.ts'
import { cleDeRecherche } from './recherche/mots.ts'

/** What tells who asks, of one dossier. */
export interface Identite {
  readonly demarcheId: string
  readonly deposeLe: Date
  readonly usagerId: string | null
  readonly courriel: string | null
  /** Folded, as lists sort it. */
  readonly nom: string
  /** Days of birth and addresses given, in a form that can be compared. */
  readonly naissances: readonly string[]
  readonly adresses: readonly string[]
}

/** Whether two dossiers are of one person: the same account or e-mail address; or the same name with a day of birth or an address in common. */
export function estLaMemePersonne(a: Identite, b: Identite): boolean {
  if (a.usagerId !== null && a.usagerId === b.usagerId) return true
  if (a.courriel !== null && a.courriel.toLowerCase() === b.courriel?.toLowerCase()) return true
  const share = (some: readonly string[], others: readonly string[]) => some.some(one => others.includes(one))
  return a.nom !== '' && a.nom === b.nom && (share(a.naissances, b.naissances) || share(a.adresses, b.adresses))
}

const AN_MS = 365 * 86_400_000

/** Whether two dossiers of one person may be the same request sent twice: the same démarche, within twelve months. */
export const estUnDoublon = (a: Identite, b: Identite): boolean =>
  a.demarcheId === b.demarcheId && Math.abs(a.deposeLe.getTime() - b.deposeLe.getTime()) <= AN_MS && estLaMemePersonne(a, b)

/** The days of birth and the addresses of some answers. A day of birth is a date whose id says so, outside of the rows: those are of children, of vehicles. */
export function reperesDe(formulaire: Formulaire, reponses: Reponses): Pick<Identite, 'naissances' | 'adresses'> {
  const naissances: string[] = []
  const adresses: string[] = []
  for (const { champs, repetition } of formulaire.etapes) {
    if (repetition) continue
    for (const champ of champs) {
      const valeur: unknown = Object.hasOwn(reponses.champs, champ.id) ? reponses.champs[champ.id] : undefined
      const type = definitions.typeDe(champ)
      if (!type.est(valeur)) continue
      if (champ.type === 'date' && /naissance/i.test(champ.id) && typeof valeur === 'string') naissances.push(valeur)
      if (champ.type === 'adresse') adresses.push(cleDeRecherche(String(type.resultat(champ, valeur))))
    }
  }
  return { naissances, adresses }
}
