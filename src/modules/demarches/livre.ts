/**
 * What is shipped with the program: the templates, and sample answers. A megabyte that only the opening of a territory, a demonstration and the
 * tests read: the door gives it on demand, so that the processes that serve do not hold it.
 */
export { modeles } from './catalogue.ts'
export { type Exemple, exemples, jouerExemple } from './exemples.ts'
