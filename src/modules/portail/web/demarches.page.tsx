import type { VNode } from 'preact'
import { EmptyState, LinkGroups, LinkList } from '../../../ui/index.ts'
import type { Demarche } from '../../demarches/index.ts'
import { lienVers, parEvenement } from './groupes.ts'
import { ChercherUneDemarche } from './place.page.tsx'
import { Telephone } from './telephone.tsx'

export interface DemarchesProps {
  readonly base: string
  readonly cherche: string
  readonly trouvees: readonly Demarche[]
  readonly qui: string
  readonly telephone: string | null
}

/** All the démarches of a collectivité, or those that a search found. */
export function Demarches({ base, cherche, trouvees, qui, telephone }: DemarchesProps): VNode {
  return (
    <>
      <ChercherUneDemarche base={base} value={cherche} />
      {cherche === '' && trouvees.length > 0 && <LinkGroups niveau={2} groups={parEvenement(base, trouvees)} />}
      {cherche !== '' && trouvees.length > 0 && (
        <>
          <h2>{trouvees.length === 1 ? 'Une démarche trouvée' : `${trouvees.length} démarches trouvées`}</h2>
          <LinkList items={trouvees.map(demarche => lienVers(base, demarche))} />
          <p>
            <a href={`${base}/demarches`}>Voir toutes les démarches</a>
          </p>
        </>
      )}
      {trouvees.length === 0 && (
        <EmptyState titre={cherche ? `Aucune démarche trouvée pour « ${cherche} »` : 'Aucune démarche n’est encore ouverte en ligne'}>
          {cherche && <p>Essayez un autre mot, plus simple, ou regardez la liste complète.</p>}
          <p>Votre demande n’est pas en ligne ? {Telephone({ qui, telephone })}</p>
          {cherche && (
            <p>
              <a href={`${base}/demarches`}>Voir toutes les démarches</a>
            </p>
          )}
        </EmptyState>
      )}
    </>
  )
}
