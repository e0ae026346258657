/** A machine of proof, and the file of tests that plays it. */
export interface Machine {
  readonly nom: string
  readonly fichier: string
}

/**
 * Every machine that `npm run preuves` must hear of, in the order of the page: one that leaves no figure is told. A test compares this list with
 * the calls of `noterPreuve`. A file that plays several machines is run once.
 */
export const machines: readonly Machine[] = [
  { nom: 'crash', fichier: 'test/crash/arret-brutal.test.ts' },
  { nom: 'crash-points', fichier: 'test/crash/points.test.ts' },
  { nom: 'crash-pannes', fichier: 'test/crash/base-malade.test.ts' },
  { nom: 'mise-a-jour', fichier: 'test/crash/mise-a-jour.test.ts' },
  { nom: 'crash-disque', fichier: 'test/crash/disque-plein.test.ts' },
  { nom: 'sauvegarde', fichier: 'test/sauvegarde.test.ts' },
  { nom: 'histoires', fichier: 'src/modules/dossiers/commands/commands.test.ts' },
  { nom: 'matrice', fichier: 'test/security/matrice.test.ts' },
  { nom: 'etranger', fichier: 'test/security/etranger.test.ts' },
  { nom: 'canaris', fichier: 'test/security/locataires.test.ts' },
  { nom: 'ordres', fichier: 'test/security/locataires.test.ts' },
  { nom: 'entrees', fichier: 'test/security/entrees.test.ts' },
  { nom: 'grammaire', fichier: 'test/security/grammaire.test.ts' },
  { nom: 'corpus', fichier: 'test/security/corpus.test.ts' },
  { nom: 'injections', fichier: 'test/browser/injections.test.ts' },
  { nom: 'sabotages', fichier: 'test/security/sabotage.test.ts' },
  { nom: 'surcharge', fichier: 'test/security/charge.test.ts' },
  { nom: 'plusieurs', fichier: 'test/security/plusieurs.test.ts' },
  { nom: 'pages', fichier: 'test/browser/registre.test.ts' },
  { nom: 'distribuer', fichier: 'src/platform/db/distribution.test.ts' },
  { nom: 'chaine', fichier: 'test/chaine.test.ts' },
]
