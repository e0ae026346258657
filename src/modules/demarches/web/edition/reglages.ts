import type { Form } from '../../../../platform/http/form.ts'
import { definitions, type Parametre, type ValeurParametre } from '../../../formulaires/index.ts'
import type { Modele } from '../../demarche.ts'
import type { Operation } from '../../edition/index.ts'
import { ecrireNombre, lireNombre } from './borne.ts'
import type { Geste } from './chantier.ts'
import { enchainer } from './enchainer.ts'
import { ligneDe, lignesDe } from './saisie.ts'

/** The kinds of settings that may be added. */
export const sortesDeReglage = [
  { value: 'montant', label: 'Un prix', hint: 'Par exemple : 4,20.' },
  { value: 'entier', label: 'Un nombre', hint: 'Par exemple : 15 jours de préavis.' },
  {
    value: 'bareme',
    label: 'Un barème',
    hint: 'Un prix par tranche. Une tranche par ligne : « jusqu’à 450 : 3,20 », puis « au-delà : 5 ».',
  },
  { value: 'texte', label: 'Un texte', hint: 'Par exemple : le nom de la salle.' },
] as const

/** A setting as its box holds it: euros, a scale one bracket a line. */
export function direReglage({ type, defaut }: Parametre): string {
  if (type === 'montant') return ecrireNombre(defaut / 100)
  if (type === 'oui_non') return defaut ? 'oui' : 'non'
  if (type !== 'bareme') return String(defaut)
  return defaut
    .map(({ jusqua, montant }) => `${jusqua === null ? 'au-delà' : `jusqu’à ${ecrireNombre(jusqua)}`} : ${ecrireNombre(montant / 100)}`)
    .join('\n')
}

type Lu = { readonly valeur: ValeurParametre } | { readonly erreur: string }

/** Reads a setting typed in its box. */
export function lireReglage(type: Parametre['type'], typed: string): Lu {
  if (type === 'texte') return { valeur: typed }
  if (type === 'oui_non') return { valeur: typed === 'oui' }
  if (type === 'bareme') return lireBareme(typed)
  const read = lireNombre(typed, type === 'montant' ? 'montant' : 'nombre')
  if ('montant' in read) return { valeur: read.montant }
  if ('constante' in read && Number.isSafeInteger(read.constante)) return { valeur: read.constante }
  return { erreur: 'erreur' in read ? 'écrivez un nombre, par exemple 12 ou 4,20.' : 'écrivez un nombre entier.' }
}

function lireBareme(typed: string): Lu {
  const tranches: { jusqua: number | null; montant: number }[] = []
  for (const line of lignesDe(typed)) {
    const [bound = '', price = ''] = line.split(/\s*[:=]\s*/)
    const words = definitions.fold(bound)
    const montant = lireNombre(price, 'montant')
    const jusqua = /^au[- ]?dela$/.test(words) ? { constante: null } : lireNombre(words.replace(/^jusqu\W?a\s*/, ''), 'nombre')
    if (!('montant' in montant) || !('constante' in jusqua) || typeof jusqua.constante === 'string')
      return { erreur: `« ${line.slice(0, 60)} » ne se lit pas. Écrivez « jusqu’à 450 : 3,20 », et finissez par « au-delà : 5 ».` }
    tranches.push({ jusqua: jusqua.constante === null ? null : Number(jusqua.constante), montant: montant.montant })
  }
  const isSound = tranches.every(({ jusqua }, rank) => {
    const before = tranches[rank - 1]?.jusqua
    const isLast = rank === tranches.length - 1
    return isLast ? jusqua === null : jusqua !== null && (rank === 0 || (typeof before === 'number' && jusqua > before))
  })
  return tranches.length > 0 && isSound
    ? { valeur: tranches }
    : { erreur: 'les tranches vont en croissant, et la dernière est « au-delà : … ».' }
}

/** What the page of settings makes of a démarche: its boxes are `G-<setting>`; `N-…` a new one. */
export function changerReglages(modele: Modele, form: Form, reserves: readonly string[]): ReturnType<Geste> {
  if (form.has('N-libelle')) return ajouterReglage(modele, form, reserves)
  const operations: Operation[] = []
  for (const parametre of modele.formulaire.parametres ?? []) {
    const box = `G-${parametre.id}`
    if (!form.has(box)) continue
    const read = lireReglage(parametre.type, form.text(box, 5000))
    if ('erreur' in read) return { ok: false, message: `${parametre.libelle} : ${read.erreur}`, champ: box }
    operations.push({ op: 'modifier', element: `parametres/${parametre.id}`, proprietes: { defaut: read.valeur } })
  }
  return enchainer(modele, operations, reserves)
}

function ajouterReglage(modele: Modele, form: Form, reserves: readonly string[]): ReturnType<Geste> {
  const libelle = ligneDe(form, 'N-libelle')
  if (libelle === '') return { ok: false, message: 'Donnez un nom à ce réglage.', champ: 'N-libelle' }
  const type = sortesDeReglage.find(({ value }) => value === form.line('N-type', 20))?.value
  if (!type) return { ok: false, message: 'Choisissez la sorte de réglage.', champ: 'N-type' }
  const read = lireReglage(type, form.text('N-valeur', 5000))
  if ('erreur' in read) return { ok: false, message: `La valeur : ${read.erreur}`, champ: 'N-valeur' }
  const bounds = type === 'entier' ? { min: 0, max: 1_000_000 } : {}
  return enchainer(modele, [{ op: 'ajouterParametre', parametre: { type, libelle, ...bounds, defaut: read.valeur } }], reserves)
}
