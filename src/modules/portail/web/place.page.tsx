import type { VNode } from 'preact'
import { CardList, Columns, LinkGroups, LinkList, SearchBox } from '../../../ui/index.ts'
import type { Demarche } from '../../demarches/index.ts'
import { type Collectivite, Contact } from '../../territoire/index.ts'
import { parEvenement } from './groupes.ts'

export interface PlaceProps {
  readonly collectivite: Collectivite
  readonly demarches: readonly Demarche[]
  readonly territoireHref: string
  /** The EPCI of a commune, when it is open. */
  readonly epci: { readonly nom: string; readonly href: string; readonly demarches: readonly Demarche[] } | undefined
  /** The communes of an EPCI, as many as a page holds. */
  readonly communes: readonly { readonly nom: string; readonly href: string }[]
  readonly totalCommunes: number
}

/** The search that begins a square. */
export function ChercherUneDemarche({ base, value, large }: { base: string; value?: string; large?: boolean }): VNode {
  return (
    <SearchBox
      action={`${base}/demarches`}
      label="Cherchez une démarche"
      hint="Par exemple : acte de naissance, cantine, déménagement."
      value={value}
      large={large}
    />
  )
}

/** The square of a collectivité, under the search. */
export function Place({ collectivite, demarches, territoireHref, epci, communes, totalCommunes }: PlaceProps): VNode {
  const { base } = collectivite
  return (
    <>
      <Columns>
        <div>
          <h2>Vos démarches</h2>
          {demarches.length > 0 ? (
            <LinkGroups groups={parEvenement(base, demarches, true)} />
          ) : (
            <p>Aucune démarche n’est encore ouverte en ligne ici.</p>
          )}
        </div>
        <Contact collectivite={collectivite} />
      </Columns>
      <h2>Vos demandes en cours</h2>
      <CardList
        items={[
          { texte: 'Suivre une demande', href: `${base}/suivi`, description: 'Avec la référence et le code reçus lors de l’envoi.' },
          { texte: 'Reprendre une demande', href: `${base}/suivi`, description: 'Vos réponses sont gardées. Il suffit de votre code.' },
          { texte: 'Mes dossiers', href: `${base}/mes-dossiers`, description: 'Toutes vos demandes, avec votre adresse électronique.' },
        ]}
      />
      {epci && (
        <>
          <h2>{`Les services de l’intercommunalité`}</h2>
          <p>
            <a href={epci.href}>{epci.nom}</a> propose aussi des démarches aux habitants de la commune.
          </p>
          <LinkList items={epci.demarches.map(({ id, modele }) => ({ texte: modele.titre, href: `${epci.href}/demarches/${id}` }))} />
        </>
      )}
      <Communes communes={communes} total={totalCommunes} href={territoireHref} />
    </>
  )
}

function Communes({ communes, total, href }: { communes: PlaceProps['communes']; total: number; href: string }): VNode | null {
  if (communes.length === 0) return null
  return (
    <>
      <h2>{`Ses ${total} communes`}</h2>
      <ul class="toc">
        {communes.map(commune => (
          <li key={commune.href}>
            <a href={commune.href}>{commune.nom}</a>
          </li>
        ))}
      </ul>
      {communes.length < total && (
        <p>
          <a href={href}>Chercher une autre commune</a>
        </p>
      )}
    </>
  )
}
