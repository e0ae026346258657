/** What everybody may know of a démarche, for the pages that present it. */
export { type PeriodePubliee, periodesPubliees } from './queries/chiffres.ts'
export { periodeEnMots } from './web/chiffres-mots.ts'
