import type { VNode } from 'preact'
import type { Collectivite } from '../../territoire/index.ts'
import { AvecContact } from './avec-contact.tsx'

export interface MentionsLegalesProps {
  readonly territoire: string
  /** The collectivité that publishes: the page's, or the one that the territory is. */
  readonly editeur: Collectivite | undefined
  readonly isDemonstration: boolean
  /** Where the source of what runs here is read. */
  readonly codeSource: string | undefined
}

/** The legal notice (loi n° 2004-575 pour la confiance dans l’économie numérique; loi n° 82-652, article 93-2). Only what is known. */
export function MentionsLegales({ territoire, editeur, isDemonstration, codeSource }: MentionsLegalesProps): VNode {
  return (
    <AvecContact collectivite={editeur} titre="Joindre l’éditeur">
      {isDemonstration && (
        <p>
          <strong>Ceci est une démonstration.</strong> La collectivité citée n’en est pas responsable. Les personnes, les numéros et les
          dossiers sont fictifs.
        </p>
      )}
      <h2>Éditeur</h2>
      {editeur ? (
        <>
          <p>{`Ce service en ligne est publié par ${quiPublie(editeur)}${editeur.siren ? `, SIREN ${groups(editeur.siren)}` : ''}.`}</p>
          <p>{`Directeur de la publication : ${editeur.nature === 'commune' ? 'le maire' : 'le président de l’intercommunalité'} en exercice.`}</p>
        </>
      ) : (
        <p>{`Ce service en ligne est partagé par les communes de ${territoire}. Chaque commune est éditrice de ses propres pages.`}</p>
      )}
      <h2>Logiciel</h2>
      <p>Ce service fonctionne avec Parvis. Il n’utilise ni police, ni image, ni script venus d’un autre site.</p>
      {codeSource && (
        <p>
          Parvis est un logiciel libre, sous la licence publique de l’Union européenne (EUPL 1.2). Chacun peut lire, modifier et réutiliser{' '}
          <a href={codeSource}>le code source de ce service</a>.
        </p>
      )}
      <h2>Sources des informations</h2>
      <p>Les noms, codes et populations des communes viennent des registres officiels, dans l’édition libre « découpage administratif ».</p>
      <h2>Signaler une erreur</h2>
      <p>Une information est fausse ou ancienne ? Signalez-la à l’éditeur : il peut la corriger lui-même.</p>
    </AvecContact>
  )
}

const quiPublie = (editeur: Collectivite): string => (editeur.nature === 'commune' ? `la commune de ${editeur.nom}` : editeur.nom)
const groups = (siren: string): string => siren.replace(/(\d{3})(?=\d)/g, '$1 ')
