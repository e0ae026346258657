import type { VNode } from 'preact'
import { appellation, type Collectivite } from '../../territoire/index.ts'
import { TrouverSaCommune } from './accueil-territoire.page.tsx'
import { AvecContact } from './avec-contact.tsx'

export interface AideProps {
  readonly collectivite: Collectivite | undefined
  /** The largest document accepted, in megabytes. */
  readonly pieceMaxMo: number
}

/** How to go about it, and how to do without internet. */
export function Aide({ collectivite, pieceMaxMo }: AideProps): VNode {
  if (!collectivite) {
    return (
      <>
        <TrouverSaCommune />
        <Reponses qui="votre mairie" pieceMaxMo={pieceMaxMo} />
        <EspaceDesAgents href="/agents" />
      </>
    )
  }
  return (
    <AvecContact collectivite={collectivite}>
      <Reponses qui={appellation(collectivite)} pieceMaxMo={pieceMaxMo} />
      <EspaceDesAgents href={`${collectivite.base}/agent`} />
    </AvecContact>
  )
}

function EspaceDesAgents({ href }: { href: string }): VNode {
  return (
    <>
      <h2>Vous êtes agent</h2>
      <p>
        <a href={href}>Ouvrir l’espace des agents</a>
      </p>
    </>
  )
}

function Reponses({ qui, pieceMaxMo }: { qui: string; pieceMaxMo: number }): VNode {
  return (
    <>
      <h2>Faire une démarche</h2>
      <p>Chaque démarche a sa page. Elle dit qui peut la faire, combien elle coûte et quels documents préparer.</p>
      <p>Il n’y a pas de compte à créer. Vous vérifiez vos réponses avant l’envoi.</p>
      <h2>S’arrêter et reprendre</h2>
      <p>Vos réponses sont gardées à chaque étape. Notez le code affiché : il permet de reprendre, même sur un autre appareil.</p>
      <p>Sans activité pendant trois mois, une demande non envoyée est effacée.</p>
      <h2>Suivre une demande</h2>
      <p>Après l’envoi, vous recevez une référence et un code de suivi. Ils figurent sur l’accusé de réception.</p>
      <p>La référence peut se lire au téléphone. Le code, lui, reste pour vous.</p>
      <h2>Joindre un document</h2>
      <p>{`Une photo nette prise avec un téléphone suffit. Chaque fichier peut peser ${pieceMaxMo} Mo au plus.`}</p>
      <h2>Faire sans internet</h2>
      <p>{`Personne n’est obligé de passer par internet. Écrivez à ${qui}, appelez ou venez sur place.`}</p>
      <p>Un proche peut remplir la demande avec vous, depuis son appareil.</p>
      <h2>Signaler un problème</h2>
      <p>{`Une page ne marche pas, un mot n’est pas clair ? Dites-le à ${qui}. Donnez la référence affichée, s’il y en a une.`}</p>
    </>
  )
}
