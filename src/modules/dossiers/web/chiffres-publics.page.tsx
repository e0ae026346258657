import type { VNode } from 'preact'
import { EmptyState, LinkList, SummaryList, type SummaryRow } from '../../../ui/index.ts'
import type { ChiffresPublics, Masque } from '../chiffres.ts'
import type { PeriodePubliee } from '../queries/chiffres.ts'
import { enJours, MOTS, periodeEnMots } from './chiffres-mots.ts'

/** A total and its parts in one line; those that are too small are only said to be there. */
function enPhrase({ total, visibles, masques }: Masque, mots: Readonly<Record<string, string>> = MOTS): string {
  if (total === undefined) return 'Moins de 11'
  const shown = Object.entries(visibles)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${count} ${mots[name] ?? name}`)
  const rest = masques.length > 0 ? [...(shown.length > 0 ? ['le reste n’est pas détaillé'] : [])] : []
  const detail = [...shown, ...rest].join(', ')
  return detail ? `${total}, dont ${detail}` : String(total)
}

const lignes = (
  { depots, decisions, delai, corrections, avis, abandons }: ChiffresPublics,
  etapes: Readonly<Record<string, string>>,
): SummaryRow[] => [
  { cle: 'Demandes reçues', valeur: enPhrase(depots) },
  { cle: 'Réponses données', valeur: enPhrase(decisions) },
  ...(delai
    ? [
        {
          cle: 'Délai de réponse',
          valeur: `Une sur deux : ${enJours(delai.mediane)} ; 9 sur 10 : ${enJours(delai.neufDixiemes)}`,
        },
      ]
    : []),
  ...(corrections.visibles.avec === undefined ? [] : [{ cle: 'Corrections demandées', valeur: String(corrections.visibles.avec) }]),
  ...(avis ? [{ cle: 'Avis des habitants', valeur: `${avis.moyenne.toLocaleString('fr-FR')} sur 5 (${avis.nombre} avis)` }] : []),
  ...(abandons.total === undefined ? [] : [{ cle: 'Demandes commencées puis laissées', valeur: enPhrase(abandons, etapes) }]),
]

/** The figures published of a démarche, period by period. */
export function ChiffresDuPublic({
  periodes,
  etapes,
  json,
}: {
  periodes: readonly PeriodePubliee[]
  /** Titles of étapes by id, for who stopped where. */
  etapes: Readonly<Record<string, string>>
  json: string
}): VNode {
  return (
    <>
      <p>
        Un nombre inférieur à 11 n’est jamais montré, ni ce qui permettrait de le retrouver. Une période publiée ne change plus ; la
        suivante attend au moins 11 demandes.
      </p>
      {periodes.length === 0 && <EmptyState titre="Pas encore assez de demandes pour publier des chiffres" />}
      {periodes.map(periode => (
        <section key={periode.du}>
          <h2>{periodeEnMots(periode)}</h2>
          <SummaryList rows={lignes(periode.chiffres, etapes)} />
        </section>
      ))}
      <h2>Réutiliser ces chiffres</h2>
      <LinkList items={[{ texte: 'Les mêmes chiffres pour un logiciel', href: json, description: 'JSON, licence ouverte 2.0.' }]} />
    </>
  )
}
