import type { Demarche } from './queries/demarches.ts'

/**
 * Démarches to choose among, by their titles; those of one title are told apart by the name of their address, and one that is no longer offered says it. Pure.
 */
export function options(offres: readonly Demarche[]): { value: string; label: string }[] {
  const times = new Map<string, number>()
  for (const { modele } of offres) times.set(modele.titre, (times.get(modele.titre) ?? 0) + 1)
  return offres.map(({ id, modele: { titre }, estOuverte }) => {
    const marks = [...(times.get(titre)! > 1 ? [id] : []), ...(estOuverte ? [] : ['fermée'])]
    return { value: id, label: marks.length > 0 ? `${titre} (${marks.join(', ')})` : titre }
  })
}
