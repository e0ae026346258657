/** The door of territoire: the collectivités, how to reach them, and the shell of their pages. */
export { appellation, type Collectivite, fuseau, inconnus, type Reglage } from './collectivite.ts'
export { chercherCommunes, communesOuvertes, type Trouvee } from './queries/chercher.ts'
export { collectiviteDuChemin, collectiviteParId, hotesConfigures, leTerritoire } from './queries/collectivite.ts'
export { collectiviteDuTerritoire, communesDe, intercommunalitesOuvertes } from './queries/intercommunalites.ts'
export { Contact } from './web/contact.tsx'
export { assetsDe, collectiviteDe, lieuDe, pageDe } from './web/lieu.tsx'
