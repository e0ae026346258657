/** The door of territoire: the collectivités, how to reach them, and the shell of their pages. */
export { appellation, type Collectivite, fuseau, inconnus, type Reglage } from './collectivite.ts'
export { importerAnnuaire } from './commands/importer-annuaire.ts'
export { ouvrirTerritoire } from './commands/ouvrir-territoire.ts'
export { chercherCommunes, communesOuvertes, type Trouvee } from './queries/chercher.ts'
export { collectiviteDuChemin, collectiviteParId, hotesConfigures, leTerritoire } from './queries/collectivite.ts'
export { enPhrases } from './registre/differences.ts'
export { lireRegistre } from './registre/sources.ts'
export { assetsDe, collectiviteDe, lieuDe, pageDe } from './web/lieu.tsx'
