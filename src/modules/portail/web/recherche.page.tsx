import type { VNode } from 'preact'
import { EmptyState, LinkList } from '../../../ui/index.ts'
import { TrouverSaCommune } from './accueil-territoire.page.tsx'

export interface ResultatCommune {
  readonly nom: string
  readonly href: string
  readonly departement: string | null
  readonly codesPostaux: readonly string[]
  /** The old or delegated name by which it was found. */
  readonly trouveePar: string | null
}

export interface RechercheProps {
  readonly cherche: string
  readonly resultats: readonly ResultatCommune[]
  readonly isApproximate: boolean
}

/** The communes found, or what to do when there is none. What was typed stays in the box. */
export function Recherche({ cherche, resultats, isApproximate }: RechercheProps): VNode {
  return (
    <>
      <TrouverSaCommune value={cherche} />
      {resultats.length > 0 ? (
        <>
          <h2>{annonce(resultats.length, isApproximate)}</h2>
          <LinkList items={resultats.map(lien)} />
        </>
      ) : (
        cherche !== '' && <Rien cherche={cherche} />
      )}
    </>
  )
}

function annonce(count: number, isApproximate: boolean): string {
  if (isApproximate)
    return count === 1 ? 'Aucune commune de ce nom. Voici la plus proche' : 'Aucune commune de ce nom. Voici les plus proches'
  if (count === 1) return 'Une commune trouvée'
  return count >= 20 ? 'Les 20 premières communes trouvées' : `${count} communes trouvées`
}

function lien({ nom, href, departement, codesPostaux, trouveePar }: ResultatCommune) {
  const shown = codesPostaux.length > 3 ? [...codesPostaux.slice(0, 3), '…'] : codesPostaux
  const facts = [shown.join(', '), departement].filter(Boolean).join(' · ')
  const how = trouveePar && `« ${trouveePar} » fait partie de ${nom}.`
  return { texte: nom, href, description: how && facts ? `${how} ${facts}` : how || facts }
}

function Rien({ cherche }: { cherche: string }): VNode {
  return (
    <EmptyState titre={`Aucune commune trouvée pour « ${cherche} »`}>
      <ul>
        <li>Vérifiez l’orthographe, ou écrivez seulement le début du nom.</li>
        <li>Essayez avec le code postal, par exemple 14500.</li>
        <li>Votre commune n’est peut-être pas ouverte ici. Dans ce cas, appelez votre mairie.</li>
      </ul>
      <p>
        <a href="/">Revenir à l’accueil</a>
      </p>
    </EmptyState>
  )
}
