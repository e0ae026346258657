import { cut } from '../../platform/text.ts'
import type { Modele } from './demarche.ts'

/** A démarche to begin from: who asks, what they ask, and the texts that the law wants, to be made one's own. It may be published as it is. */
export function demarcheVierge(titre: string): Modele {
  return {
    id: 'nouvelle-demarche',
    version: 1,
    titre,
    resume: 'Dites en une phrase à quoi sert cette démarche.',
    evenementDeVie: 'papiers',
    motsCles: [cut(titre, 60)],
    pour: 'Les habitants de la commune.',
    dureeMinutes: 5,
    cout: 'Gratuit.',
    delaiJours: 15,
    pieces: [],
    baseLegale: [
      {
        texte: 'Demande adressée à une administration',
        reference: 'Code des relations entre le public et l’administration, livre premier',
      },
    ],
    silence: {
      effet: 'acceptation',
      mois: 2,
      texte:
        'Sans réponse dans les deux mois, la demande est acceptée. C’est la règle de l’article L231-1 du code des relations entre le public et l’administration.',
    },
    regime: 'ordinaire',
    recours:
      'Vous n’êtes pas d’accord avec la réponse ? Écrivez au maire dans les deux mois pour lui demander de la revoir. Vous pouvez aussi saisir le tribunal administratif dans les deux mois.',
    service: 'Accueil de la mairie',
    decision: {
      objet: titre,
      texteAcceptation: ['Votre demande est acceptée.'],
      texteRefus: ['Votre demande ne peut pas être acceptée, pour la raison suivante.'],
    },
    conservationMois: 24,
    demandeur: { nom: 'nom', prenom: 'prenom', courriel: 'courriel' },
    formulaire: {
      etapes: [
        {
          id: 'vous',
          titre: 'Vous',
          champs: [
            {
              id: 'prenom',
              type: 'texte',
              libelle: 'Votre prénom',
              enPhrase: 'votre prénom',
              autocomplete: 'given-name',
              longueurMax: 100,
            },
            { id: 'nom', type: 'texte', libelle: 'Votre nom', enPhrase: 'votre nom', autocomplete: 'family-name', longueurMax: 100 },
            {
              id: 'courriel',
              type: 'courriel',
              libelle: 'Votre adresse électronique',
              enPhrase: 'votre adresse électronique',
              aide: 'L’accusé de réception y sera envoyé.',
              autocomplete: 'email',
            },
          ],
        },
        {
          id: 'demande',
          titre: 'Votre demande',
          champs: [
            { id: 'objet', type: 'texte_long', libelle: 'Que demandez-vous ?', enPhrase: 'ce que vous demandez', longueurMax: 2000 },
          ],
        },
      ],
    },
  }
}
