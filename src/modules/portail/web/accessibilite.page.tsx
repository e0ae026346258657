import type { VNode } from 'preact'
import { appellation, type Collectivite } from '../../territoire/index.ts'
import { AvecContact } from './avec-contact.tsx'

export interface AccessibiliteProps {
  readonly nom: string
  readonly adresse: string
  readonly collectivite: Collectivite | undefined
}

/**
 * The accessibility statement (loi n° 2005-102, article 47; décret n° 2019-768; model of the RGAA 4.1.2). Without an audit by people
 * it must say « non conforme », whatever the automatic checks found.
 */
export function Accessibilite({ nom, adresse, collectivite }: AccessibiliteProps): VNode {
  return (
    <AvecContact collectivite={collectivite}>
      <p>{`Cette déclaration concerne le service en ligne de ${nom} : ${adresse}.`}</p>
      <p>La loi demande que ce service soit accessible à tous (article 47 de la loi n° 2005-102 du 11 février 2005).</p>
      <h2>État de conformité</h2>
      <p>
        Ce service est <strong>non conforme</strong> avec le référentiel général d’amélioration de l’accessibilité (RGAA), version 4.1.2.
      </p>
      <p>La raison est simple : aucun audit n’a encore été fait par une personne. Sans audit, la règle est d’écrire « non conforme ».</p>
      <h2>Ce qui a été vérifié</h2>
      <p>Des programmes ont contrôlé les pages. Un programme ne voit qu’une partie des défauts.</p>
      <ul>
        <li>Le code HTML des pages publiques est valide.</li>
        <li>L’outil axe-core ne trouve pas de défaut dans les composants des pages.</li>
        <li>Ce contrôle est fait sur écran large et étroit (320 pixels), en clair et en sombre.</li>
        <li>Le contraste des textes est calculé, quelle que soit la couleur de la commune.</li>
        <li>Les pages se lisent et les formulaires s’envoient sans script.</li>
      </ul>
      <p>Les critères qui demandent un jugement humain n’ont pas été vérifiés. Les documents PDF n’ont pas été audités non plus.</p>
      <h2>Signaler une difficulté</h2>
      {collectivite ? (
        <>
          <p>{`Vous n’arrivez pas à lire une page ou à faire une démarche ? Contactez ${appellation(collectivite)}.`}</p>
          <p>La démarche peut alors se faire autrement, ou le document vous être envoyé sous une autre forme.</p>
        </>
      ) : (
        <p>
          Vous n’arrivez pas à lire une page ou à faire une démarche ? Contactez votre mairie. <a href="/">Trouver votre commune</a>
        </p>
      )}
      <h2>Si personne ne vous répond</h2>
      <p>Vous avez signalé un défaut, et vous n’avez pas eu de réponse satisfaisante ? Vous pouvez saisir le Défenseur des droits.</p>
      <ul>
        <li>
          <a href="https://formulaire.defenseurdesdroits.fr/">Écrire au Défenseur des droits</a>
        </li>
        <li>
          <a href="https://www.defenseurdesdroits.fr/saisir/delegues">Rencontrer un délégué près de chez vous</a>
        </li>
        <li>Par courrier gratuit, sans timbre : Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.</li>
      </ul>
    </AvecContact>
  )
}
