import type { Form } from '../../../platform/http/form.ts'
import type { FieldError } from '../../../ui/index.ts'
import type { Reglage } from '../collectivite.ts'

/** The settings as an agent typed them. */
export type SaisieReglages = Readonly<Record<Exclude<keyof Reglage, 'logo'>, string>>

/** What a form of settings gives: what was typed, what is wrong with it, and the value to keep when nothing is. */
export interface ReglagesLus {
  readonly saisie: SaisieReglages
  readonly errors: readonly FieldError[]
  readonly valeur: Omit<Reglage, 'logo'>
}

const LIGNES_AU_PLUS = 14

/** Reads and checks the settings that an agent typed. Everything may stay empty: what is unknown is not shown. */
export function lireReglages(form: Form): ReglagesLus {
  const saisie: SaisieReglages = {
    adresse: form.text('adresse', 300),
    codePostal: form.line('codePostal', 20),
    ville: form.line('ville', 100),
    telephone: form.line('telephone', 40),
    courriel: form.line('courriel', 254),
    site: form.line('site', 300),
    horaires: form.text('horaires', 2000),
    couleur: form.line('couleur', 20),
  }
  const errors: FieldError[] = []
  const checked = (champ: keyof SaisieReglages, read: (typed: string) => string | undefined, message: string): string | null => {
    if (saisie[champ] === '') return null
    const value = read(saisie[champ])
    if (value === undefined) errors.push({ champ, message })
    return value ?? null
  }
  const valeur = {
    adresse: checked('adresse', typed => lines(typed, 5), 'Adresse : cinq lignes au plus.'),
    codePostal: checked('codePostal', codePostal, 'Code postal : écrivez cinq chiffres, par exemple 14500.'),
    ville: saisie.ville || null,
    telephone: checked(
      'telephone',
      telephone,
      'Téléphone : écrivez un numéro français complet, par exemple 02 61 91 00 12 ou +687 25 00 00.',
    ),
    courriel: checked('courriel', courriel, 'Adresse électronique : écrivez-la en entier, par exemple mairie@commune.example.'),
    site: checked('site', site, 'Site internet : écrivez son adresse complète, par exemple https://www.commune.example.'),
    horaires: checked('horaires', typed => lines(typed, LIGNES_AU_PLUS), `Horaires : ${LIGNES_AU_PLUS} lignes au plus, une par période.`),
    couleur: checked('couleur', couleur, 'Couleur : écrivez six chiffres ou lettres de A à F, par exemple 2C5F4F.'),
  }
  return { saisie, errors, valeur }
}

/** The settings in the form in which they are typed. */
export const saisieDe = (reglage: Reglage): SaisieReglages => ({
  adresse: reglage.adresse ?? '',
  codePostal: reglage.codePostal ?? '',
  ville: reglage.ville ?? '',
  telephone: reglage.telephone ?? '',
  courriel: reglage.courriel ?? '',
  site: reglage.site ?? '',
  horaires: reglage.horaires ?? '',
  couleur: reglage.couleur?.toUpperCase() ?? '',
})

function lines(typed: string, atMost: number): string | undefined {
  const kept = typed
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
  return kept.length <= atMost ? kept.join('\n') : undefined
}

function codePostal(typed: string): string | undefined {
  const digits = typed.replace(/\s/g, '')
  return /^\d{5}$/.test(digits) ? digits : undefined
}

/**
 * A French number as it is read aloud: ten digits in pairs (overseas: four, then pairs), or +508, +681, +687, +689 with six digits or eight
 * (numbering plan, décision ARCEP n° 2018-0881; the Pacific has its own).
 */
function telephone(typed: string): string | undefined {
  if (!/^[+\d\s().-]+$/.test(typed)) return undefined
  const dialled = typed
    .replace('(0)', '')
    .replace(/[^\d+]/g, '')
    .replace(/^00/, '+')
  const pacific = /^(\+(?:508|681|687|689))(\d{6}|\d{8})$/.exec(dialled)
  if (pacific) return `${pacific[1]} ${pairs(pacific[2]!)}`
  const national = dialled.replace(/^\+33/, '0').replace(/^\+(262|508|590|594|596)(?=\d{9}$)/, '0')
  if (!/^0[1-9]\d{8}$/.test(national)) return undefined
  return /^0(262|263|269|508|590|594|596|69[0-7])/.test(national) ? `${national.slice(0, 4)} ${pairs(national.slice(4))}` : pairs(national)
}

const pairs = (digits: string): string => digits.replace(/(\d{2})(?=\d)/g, '$1 ')

function courriel(typed: string): string | undefined {
  const match = /^([^\s@<>()[\]",:;\\]{1,64})@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})$/i.exec(typed)
  return match && !/^\.|\.\.|\.$/.test(match[1]!) ? `${match[1]}@${match[2]!.toLowerCase()}` : undefined
}

function site(typed: string): string | undefined {
  const full = /^[a-z]+:/i.test(typed) ? typed : `https://${typed}`
  if (!URL.canParse(full)) return undefined
  const { protocol, hostname, username, href } = new URL(full)
  return /^https?:$/.test(protocol) && username === '' && /^[^.]+(\.[^.]+)+$/.test(hostname) ? href : undefined
}

function couleur(typed: string): string | undefined {
  const hex = typed.replace(/^#/, '').toLowerCase()
  return /^[0-9a-f]{6}$/.test(hex) ? hex : undefined
}
