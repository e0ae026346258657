import type { CollectivitePrevue, PlanDeTerritoire } from './plan.ts'

/** An open collectivité, as the database has it. */
export interface CollectiviteConnue {
  readonly id: string
  readonly nature: 'commune' | 'epci'
  readonly code: string
  readonly nom: string
  readonly chemin: string
  readonly siren: string | null
  readonly population: number | null
  readonly codesPostaux: readonly string[]
  readonly epciCode: string | null
  readonly departement: string | null
  readonly estFermee: boolean
  readonly autresNoms: readonly string[]
}

/** What a newer register changes in what is open. */
export interface Differences {
  readonly nouvelles: readonly CollectivitePrevue[]
  readonly renommees: readonly { readonly id: string; readonly ancienNom: string; readonly prevue: CollectivitePrevue }[]
  /** Population, postcodes, EPCI, names to search by: applied without a word to residents. */
  readonly misesAJour: readonly { readonly id: string; readonly prevue: CollectivitePrevue }[]
  /** Communes that became part of another (commune nouvelle): closed, their dossiers stay theirs, their address leads to the new one. */
  readonly fusionnees: readonly { readonly id: string; readonly nom: string; readonly dans: CollectivitePrevue }[]
  /** No longer in the register and in no other commune: left as they are, to be looked at by a person. */
  readonly disparues: readonly { readonly id: string; readonly nom: string; readonly code: string }[]
}

/** Compares what is open with what the register says of the same territory. Pure. */
export function comparer(plan: PlanDeTerritoire, connues: readonly CollectiviteConnue[]): Differences {
  const key = (c: { nature: string; code: string }) => `${c.nature}:${c.code}`
  const known = new Map(connues.map(c => [key(c), c]))
  const expected = new Map(plan.collectivites.map(c => [key(c), c]))
  const heirOf = new Map<string, CollectivitePrevue>(
    plan.collectivites.flatMap(c => c.anciensCodes.map(former => [`commune:${former}`, c] as const)),
  )
  const pairs = plan.collectivites.flatMap(prevue => {
    const connue = known.get(key(prevue))
    return connue ? [{ connue, prevue }] : []
  })
  const gone = connues.filter(c => !c.estFermee && !expected.has(key(c)))
  return {
    nouvelles: plan.collectivites.filter(c => !known.has(key(c))),
    renommees: pairs.filter(p => p.connue.nom !== p.prevue.nom).map(p => ({ id: p.connue.id, ancienNom: p.connue.nom, prevue: p.prevue })),
    misesAJour: pairs
      .filter(p => p.connue.nom === p.prevue.nom && isStale(p.connue, p.prevue))
      .map(p => ({ id: p.connue.id, prevue: p.prevue })),
    fusionnees: gone.flatMap(c => {
      const dans = heirOf.get(key(c))
      return dans ? [{ id: c.id, nom: c.nom, dans }] : []
    }),
    disparues: gone.filter(c => !heirOf.has(key(c))).map(c => ({ id: c.id, nom: c.nom, code: c.code })),
  }
}

function isStale(connue: CollectiviteConnue, prevue: CollectivitePrevue): boolean {
  const names = (list: readonly string[]) => [...list].sort().join('|')
  return (
    connue.siren !== prevue.siren ||
    connue.population !== prevue.population ||
    connue.epciCode !== prevue.epciCode ||
    names(connue.codesPostaux) !== names(prevue.codesPostaux) ||
    names(connue.autresNoms) !== names(prevue.autresNoms.map(n => n.nom))
  )
}

/** The differences as sentences, for the person who runs the command; empty when nothing changes. */
export function enPhrases(differences: Differences): string[] {
  const plural = (n: number, one: string, many: string) => `${n} ${n > 1 ? many : one}`
  const { nouvelles, renommees, misesAJour, fusionnees, disparues } = differences
  return [
    ...(nouvelles.length > 0 ? [`${plural(nouvelles.length, 'collectivité ouverte', 'collectivités ouvertes')}.`] : []),
    ...renommees.map(r => `${r.ancienNom} s’appelle désormais ${r.prevue.nom}.`),
    ...fusionnees.map(f => `${f.nom} fait désormais partie de ${f.dans.nom} : sa place y conduit, ses dossiers sont gardés.`),
    ...(misesAJour.length > 0
      ? [
          `${plural(misesAJour.length, 'collectivité mise à jour', 'collectivités mises à jour')} (population, codes postaux, intercommunalité, noms).`,
        ]
      : []),
    ...disparues.map(
      d => `${d.nom} (${d.code}) n’est plus dans ce registre et aucune commune ne la remplace : elle est laissée telle quelle, à vérifier.`,
    ),
  ]
}
