/** The door of territoire: the collectivités, how to reach them, and the shell of their pages. */
export { appellation, type Collectivite, fuseau, inconnus, type Reglage } from './collectivite.ts'
export { cleDeNom } from './nom.ts'
export { cheminsFrequentes, chercherCommunes, communesOuvertes, type Trouvee } from './queries/chercher.ts'
export { collectiviteDuChemin, collectiviteParId, hotesConfigures, leTerritoire } from './queries/collectivite.ts'
export { collectiviteDuTerritoire, communesDe, intercommunalitesOuvertes } from './queries/intercommunalites.ts'
export { nomEpci } from './registre/plan.ts'
/** The official registers shipped with the program. */
export * as registre from './registre/sources.ts'
export { Contact } from './web/contact.tsx'
export { assetsDe, collectiviteDe, lieuDe, pageDe } from './web/lieu.tsx'
