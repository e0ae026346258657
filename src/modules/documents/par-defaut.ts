import { type Modele, textes } from '../demarches/index.ts'
import type { Bloc, Contenu, Usage } from './gabarit.ts'
import { idDansLeTexte } from './marques.ts'

const paragraphe = (texte: string): Bloc => ({ type: 'paragraphe', texte })

const OUVRIR = 'La décision complète est dans votre dossier : ouvrez-le avec votre référence et votre code.'
const DIRE_SON_AVIS = 'Vous pouvez aussi y dire ce que vous pensez de cette démarche.'
const CONTESTER = 'Le document dit pourquoi, et comment contester cette décision.'

/**
 * The text that serves when the collectivité has written none: for a decision, the words of the démarche's own definition. It is also
 * where a text that an agent begins starts from. `modele` is null for a text that holds for every démarche.
 */
export function contenuParDefaut(usage: Usage, modele: Modele | null): Contenu {
  const [support, nature] = usage.split('.') as ['document' | 'message', string]
  return support === 'document' ? documentParDefaut(nature, modele) : messages[nature]!
}

function documentParDefaut(nature: string, modele: Modele | null): Contenu {
  const objet = modele ? enMarques(modele.decision.objet) : '{demarche}'
  const words = (own: readonly string[] | undefined, general: string) => (own?.map(enMarques) ?? [general]).map(paragraphe)
  switch (nature) {
    case 'accepter':
      return { titre: objet, blocs: words(modele?.decision.texteAcceptation, 'Votre demande « {demarche} » est acceptée.') }
    case 'refuser':
      return {
        titre: `Refus – ${objet}`,
        blocs: words(modele?.decision.texteRefus, 'Votre demande « {demarche} » est refusée, pour la raison suivante.'),
      }
    case 'accepter_auto':
      return {
        titre: `Attestation d’acceptation – ${objet}`,
        blocs: [
          paragraphe(
            'Votre demande a été reçue le {date_depot}. Sans réponse dans le délai prévu par la loi, elle est acceptée depuis le {date_decision}.',
          ),
          paragraphe(
            'Cette attestation vous est délivrée en application de l’article L232-3 du code des relations entre le public et l’administration.',
          ),
        ],
      }
    case 'refuser_auto':
      return {
        titre: `Refus par le silence – ${objet}`,
        blocs: [
          paragraphe(
            'Votre demande a été reçue le {date_depot}. Sans réponse dans le délai prévu par la loi, elle est refusée depuis le {date_decision}.',
          ),
          // CRPA L232-4: the reasons of a tacit refusal are given within a month to who asks for them within the time for appeal.
          paragraphe(
            'Vous pouvez demander les motifs de ce refus à {mairie} tant que vous pouvez le contester. Ils vous seront donnés dans le mois (article L232-4 du code des relations entre le public et l’administration).',
          ),
        ],
      }
    case 'courrier':
      return {
        titre: 'À propos de votre demande',
        blocs: ['Madame, Monsieur,', 'Nous avons reçu le {date_depot} votre demande « {demarche} ».'].map(paragraphe),
      }
    default:
      return {
        titre: `Classement sans suite – ${objet}`,
        blocs: [paragraphe('Votre demande est classée sans suite, pour la raison suivante.')],
      }
  }
}

// In the definition of a démarche `{motif}` is its question of that name; here it is the agent's reason.
const enMarques = (texte: string): string => texte.replace(textes.marques, (_, id: string) => `{${idDansLeTexte(id)}}`)

const message = (sujet: string, titre: string, ...paragraphes: string[]): Contenu => ({ sujet, titre, blocs: paragraphes.map(paragraphe) })

const reponse = (titre: string, premier: string, ...suite: string[]) =>
  message('Réponse à votre demande', titre, premier, OUVRIR, DIRE_SON_AVIS, ...suite)

const decidee = 'Votre demande « {demarche} » est {decision}.'
const A_COMPLETER = 'Ouvrez votre dossier avec votre référence et votre code, puis corrigez ces réponses.'

const messages: Readonly<Record<string, Contenu>> = {
  depot: message(
    'Accusé de réception de votre demande',
    'Votre demande est bien arrivée',
    'Nous avons bien reçu votre demande : {demarche}.',
  ),
  correction: message(
    'Votre demande est à compléter',
    'Votre demande est à compléter',
    'Pour traiter votre demande « {demarche} », {mairie} a besoin de vous.',
    '{motif}',
    'À revoir :\n{a_revoir}',
    'Répondez au plus tard le {date_limite}. Le délai de réponse est arrêté jusque-là.',
    A_COMPLETER,
  ),
  relance_correction: message(
    'Votre demande attend votre réponse',
    'Votre demande attend votre réponse',
    'Votre demande « {demarche} » est toujours à compléter. Répondez au plus tard le {date_limite}.',
    'À revoir :\n{a_revoir}',
    A_COMPLETER,
  ),
  message: message(
    'Un message vous attend',
    'Un message vous attend dans votre dossier',
    'Un agent vous a écrit à propos de votre demande « {demarche} ».',
    'Ouvrez votre dossier avec votre référence et votre code pour lire ce message et répondre à {mairie}.',
  ),
  courrier: message(
    'Un courrier vous attend',
    'Un courrier vous attend dans votre dossier',
    '{mairie} vous a écrit à propos de votre demande « {demarche} ».',
    'Ouvrez votre dossier avec votre référence et votre code pour lire ce courrier et le garder.',
  ),
  accepter: reponse('Votre demande est {decision}', decidee),
  refuser: reponse('Votre demande est {decision}', decidee, CONTESTER),
  classer_sans_suite: reponse('Votre demande est {decision}', decidee, CONTESTER),
  accepter_auto: reponse(
    'Votre demande est {decision}',
    'Votre demande « {demarche} » est {decision} depuis le {date_decision} : le délai de réponse prévu par la loi est passé.',
    'Une attestation est dans votre dossier : elle prouve cette acceptation.',
  ),
  refuser_auto: reponse(
    'Votre demande est {decision}',
    'Votre demande « {demarche} » est {decision} depuis le {date_decision} : le délai de réponse prévu par la loi est passé.',
    'Le document dit comment demander les motifs de ce refus, et comment le contester.',
  ),
  rouvrir: message(
    'Votre dossier est rouvert',
    'Votre dossier est rouvert',
    'Votre demande « {demarche} » est de nouveau examinée. La décision précédente ne vaut plus.',
    'Motif : {motif}',
    'Vous n’avez rien à faire : {mairie} vous écrira sa réponse.',
  ),
  avis_de_purge: message(
    'Votre dossier sera bientôt effacé',
    'Votre dossier sera bientôt effacé',
    'Votre dossier « {demarche} » sera effacé le {date_effacement} : la durée pendant laquelle nous devions le garder se termine.',
    'Ouvrez-le avant cette date si vous voulez en garder les documents.',
  ),
}
