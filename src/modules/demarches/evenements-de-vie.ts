/** The moments of life by which people look for a démarche: id (in definitions and addresses) → words shown. In the order shown. */
export const evenementsDeVie = {
  'naissance-famille': 'Naissance et famille',
  'enfance-ecole': 'Enfance et école',
  papiers: 'Papiers et état civil',
  logement: 'Logement et déménagement',
  'cadre-de-vie': 'Rue, travaux et cadre de vie',
  'commerce-tourisme': 'Commerce et tourisme',
  associations: 'Associations et événements',
  solidarite: 'Aide et solidarité',
  deces: 'Décès d’un proche',
} as const

export type EvenementDeVie = keyof typeof evenementsDeVie
