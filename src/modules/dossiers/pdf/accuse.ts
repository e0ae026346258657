import type { Bloc, Courrier } from '../../../platform/pdf/courrier.ts'
import { type Mentions, mentionsDeLAccuse } from '../accuse.ts'
import type { Cas } from '../commands/instruire.ts'
import { distanceDuDossier } from '../horloges/distance.ts'
import { lieuDesDelais, silenceLe } from '../horloges/horloges.ts'
import { reponsesLues } from '../queries/cas.ts'
import { lettre } from './lettre.ts'

/** The mentions as they were at the deposit, whatever became of the dossier before the accusé is made. */
export function mentionsAuDepot({ collectivite, modele, dossier }: Cas, deposeLe: Date): Mentions {
  const silence_le = silenceLe(modele, [{ nature: 'deposer', le: deposeLe, donnees: {} }], lieuDesDelais(collectivite))
  const distance = distanceDuDossier({ collectivite, modele, dossier })
  return mentionsDeLAccuse({ collectivite, modele, distance, dossier: { depose_le: deposeLe, silence_le, service: dossier.service } })
}

/** The accusé de réception électronique as a letter: the mentions of the law, then everything that was answered. */
export function courrierDeLAccuse(cas: Cas, deposeLe: Date): Courrier {
  const { modele, dossier } = cas
  const { lignes, paragraphes } = mentionsAuDepot(cas, deposeLe)
  const reponses = reponsesLues(cas)
    .filter(section => section.lignes.length > 0)
    .flatMap((section): Bloc[] => [
      { type: 'titre', texte: section.titre },
      { type: 'definitions', elements: section.lignes.map(({ libelle, valeur }) => ({ cle: libelle, valeur: valeur || 'Non renseigné' })) },
    ])
  return {
    ...lettre(cas, deposeLe),
    titre: 'Accusé de réception de votre demande',
    blocs: [
      { type: 'paragraphe', texte: `Nous avons bien reçu votre demande : ${modele.titre}.` },
      { type: 'encadre', titre: 'Votre référence', texte: dossier.reference },
      { type: 'definitions', elements: lignes },
      ...paragraphes.map((texte): Bloc => ({ type: 'paragraphe', texte })),
      ...reponses,
    ],
  }
}
