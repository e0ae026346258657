import type { Modele } from './demarche.ts'

/** What an intercommunalité usually runs itself, and offers beside its communes: water, waste, roads and public space. */
export const offertsParEpci: readonly string[] = [
  'abonnement-eau',
  'carte-dechetterie',
  'encombrants',
  'occupation-domaine-public',
  'permission-de-voirie',
  'signalement-voirie',
]

// What every commune is asked for, down to the smallest; the rest of the catalogue is adopted by those who want it.
const SOCLE: Readonly<Record<string, readonly string[]>> = {
  commune: [
    'acte-etat-civil',
    'recensement-citoyen',
    'inscription-listes-electorales',
    'restauration-scolaire',
    'occupation-domaine-public',
    'rendez-vous-mairie',
    'signalement-voirie',
  ],
  epci: offertsParEpci,
}

/** Whether a template is offered from the first day by a collectivité of this nature. */
export const estDuSocle = (modele: Pick<Modele, 'id'>, nature: string): boolean => (SOCLE[nature] ?? []).includes(modele.id)
