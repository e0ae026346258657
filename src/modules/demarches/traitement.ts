import type { Modele } from './demarche.ts'

/** Grounds of a processing that a collectivité may declare (RGPD, article 6.1). */
export const basesRgpd = {
  mission: { article: '6.1.e', mots: 'une mission d’intérêt public' },
  obligation: { article: '6.1.c', mots: 'une obligation que fixe la loi' },
  contrat: { article: '6.1.b', mots: 'un service que vous demandez par contrat' },
  consentement: { article: '6.1.a', mots: 'votre accord, que vous pouvez retirer' },
} as const
export type BaseRgpd = keyof typeof basesRgpd

/** What becomes of a dossier at the end of its time, as people read it. */
export const sortsFinaux = {
  detruire: 'effacé',
  archiver: 'remis aux archives publiques, puis effacé ici',
  anonymiser: 'effacé, en ne gardant que des comptes',
} as const
export type SortFinal = keyof typeof sortsFinaux

/** A draft untouched for that long is erased (reference/dossiers.md). */
export const BROUILLON_MOIS = 3

/** What a démarche declares of the personal data it asks: what the law wants told (RGPD, articles 13 and 30). */
export interface TraitementDeclare {
  readonly finalites: readonly string[]
  readonly base: (typeof basesRgpd)[BaseRgpd]
  /** After the decision. */
  readonly conservationMois: number
  readonly sort: SortFinal
  /** The fields whose documents prove who somebody is: erased once the request is decided. */
  readonly piecesDIdentite: readonly string[]
}

/** What a démarche declares, with what is understood when it says nothing. */
export function traitementDe(modele: Modele): TraitementDeclare {
  const { finalites, baseRgpd = 'mission', sortFinal = 'detruire', conservationMois, formulaire } = modele
  return {
    finalites: finalites?.length ? finalites : ['Traiter cette demande et y répondre.'],
    base: basesRgpd[baseRgpd],
    conservationMois,
    sort: sortFinal,
    piecesDIdentite: formulaire.etapes.flatMap(({ champs }) =>
      champs.flatMap(champ => (champ.type === 'piece' && champ.identite ? [champ.id] : [])),
    ),
  }
}

/** « 12 mois après la décision, puis effacé. » */
export const dureeEnMots = ({ conservationMois, sort }: TraitementDeclare): string =>
  `${conservationMois}\u00a0mois après la décision, puis ${sortsFinaux[sort]}`
