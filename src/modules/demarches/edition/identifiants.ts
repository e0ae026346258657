import type { Modele } from '../demarche.ts'
import { toNormal } from './normal-form.ts'

/**
 * Every id a démarche uses, for `reserves`: those of its fields, étapes and settings, which share one space (the texts of the decision
 * name fields and settings alike), and the paths of its options (`champs/classe/options/cp`).
 */
export function identifiants(modele: Modele): string[] {
  return [...toNormal(modele).elements.keys()].flatMap(path => {
    const parts = path.split('/')
    return parts.length === 2 ? [parts[1]!] : parts.length > 2 ? [path] : []
  })
}

/** A fresh id for a field, an étape or a setting, from its label: « Date de naissance » → `dateDeNaissance`. Never one that is taken. */
export function nouvelId(libelle: string, taken: ReadonlySet<string>): string {
  const [first = '', ...rest] = words(libelle)
  const joined = first + rest.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return free(/^[a-z]/.test(joined) ? joined : `q${joined}`, id => taken.has(id), '')
}

/** A fresh id for an option of a list: « Cours moyen 1 » → `cours_moyen_1`. */
export const nouvelIdDOption = (libelle: string, liste: string, taken: ReadonlySet<string>): string =>
  free(words(libelle).join('_') || 'choix', id => taken.has(`${liste}/${id}`), '_')

/** Thirty-six characters, so that a number may follow within the forty of an id. */
function free(wanted: string, isTaken: (id: string) => boolean, separator: string): string {
  const base = wanted.slice(0, 36).replace(/_$/, '')
  let id = base
  for (let rank = 2; isTaken(id); rank++) id = `${base}${separator}${rank}`
  return id
}

const words = (libelle: string): string[] =>
  libelle
    .replace(/œ/gi, 'oe')
    .replace(/æ/gi, 'ae')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(word => word !== '')
    .slice(0, 6)
