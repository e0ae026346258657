import type { Form } from '../../../platform/http/form.ts'
import type { FieldError } from '../../../ui/index.ts'
import { conditions, type Modele } from '../../demarches/index.ts'
import { definitions, type Expression } from '../../formulaires/index.ts'
import { AGENT, type Bloc, bornes, type Contenu, estMessage, estTypeDeBloc, schemaContenu, type Usage } from '../gabarit.ts'
import { fautesDe } from '../marques.ts'

/** A text as the page holds it: perhaps empty or too long. */
export interface Saisie {
  readonly sujet: string
  readonly titre: string
  readonly signataire: string
  readonly signataires: readonly string[]
  readonly blocs: readonly Bloc[]
  /** The block whose condition is being built, from 0. */
  readonly ouvert: number | undefined
  /** The boxes of that condition, when they say nothing that can be kept. */
  readonly boites: { readonly etat: conditions.EtatDeCondition; readonly erreur: FieldError } | undefined
}

export const saisieDe = ({ sujet = '', titre, blocs, signataire = '', signataires = [] }: Contenu): Saisie => ({
  sujet,
  titre,
  blocs,
  signataire,
  signataires,
  ouvert: undefined,
  boites: undefined,
})

// Longer than what is accepted: what is too long is told, not cut.
const LU_AU_PLUS = 20_000

/** Reads the page. The condition being built is put in its block as soon as it says something. */
export function lireSaisie(form: Form, usage: Usage, modele: Modele | null): Saisie {
  const nombre = form.number('blocs', 0, 0, bornes.blocs)
  const blocs = Array.from({ length: nombre }, (_, rank): Bloc => {
    const si = lireExpression(form.secret(`b${rank}-si`, 10_000))
    const type = form.line(`b${rank}-type`, 20)
    const texte = form.text(`b${rank}-texte`, LU_AU_PLUS)
    return { type: estMessage(usage) || !estTypeDeBloc(type) ? 'paragraphe' : type, texte, ...(si ? { si } : {}) }
  })
  const typed = {
    sujet: form.line('sujet', LU_AU_PLUS),
    titre: form.line('titre', LU_AU_PLUS),
    signataire: form.line('signataire', 40),
    signataires: form.all('signataires', 40),
  }
  const ouvert = form.has('ouvert') ? form.number('ouvert', 0, 0, bornes.blocs) : undefined
  const block = ouvert === undefined ? undefined : blocs[ouvert]
  if (!modele || !block || ouvert === undefined) return { ...typed, blocs, ouvert: undefined, boites: undefined }
  const before = conditions.etatDe(block.si, modele.formulaire)
  const read = conditions.lireCondition(form, 'c', before, modele.formulaire)
  if (!read.ok) {
    const etat = conditions.etatSaisi(form, 'c', before, modele.formulaire)
    return { ...typed, blocs, ouvert, boites: { etat, erreur: { champ: read.champ, message: read.message } } }
  }
  const { si, ...bare } = block
  const kept = read.expression === undefined ? si : (read.expression ?? undefined)
  return { ...typed, blocs: blocs.with(ouvert, kept ? { ...bare, si: kept } : bare), ouvert, boites: undefined }
}

function lireExpression(text: string): Expression | undefined {
  if (text === '') return undefined
  try {
    const value: unknown = JSON.parse(text)
    const read = definitions.estTropProfond(value) ? undefined : definitions.schemaExpression.safeParse(value)
    return read?.success ? read.data : undefined
  } catch {
    return undefined
  }
}

/** Where to insert: an id of `cibles`, as the page names it. */
export const cibles = ({ blocs }: Pick<Saisie, 'blocs'>, usage: Usage): { value: string; label: string }[] => [
  { value: 'titre', label: estMessage(usage) ? 'Titre du message' : 'Titre du document' },
  ...(estMessage(usage) ? [{ value: 'sujet', label: 'Objet' }] : []),
  ...blocs.map((_, rank) => ({ value: `b${rank}`, label: `Bloc ${rank + 1}` })),
]

/** What a button of the page does to the text, before anything is saved. A button that means nothing changes nothing. */
export function faireGeste(saisie: Saisie, geste: string, donnees: readonly string[], cible: string): Saisie {
  const [verbe = '', rang = ''] = geste.split('-')
  const rank = Number(rang)
  const { blocs } = saisie
  // A condition that cannot be read stays open on its block, whatever else was pressed: what was typed there is not lost.
  const closed = saisie.boites ? saisie : { ...saisie, ouvert: undefined }
  switch (verbe) {
    case 'ajouter':
      return blocs.length < bornes.blocsOfferts ? { ...closed, blocs: [...blocs, { type: 'paragraphe', texte: '' }] } : closed
    case 'retirer':
      return {
        ...closed,
        blocs: blocs.filter((_, index) => index !== rank),
        ...(saisie.boites ? { ouvert: undefined, boites: undefined } : {}),
      }
    case 'monter':
      return saisie.boites ? saisie : { ...closed, blocs: echanges(blocs, rank - 1) }
    case 'descendre':
      return saisie.boites ? saisie : { ...closed, blocs: echanges(blocs, rank) }
    case 'condition':
      return saisie.boites ? saisie : { ...saisie, ouvert: rank }
    case 'inserer':
      return donnees.reduce((made, id) => inserer(made, id, cible), closed)
    default:
      return closed
  }
}

function echanges(blocs: readonly Bloc[], rank: number): readonly Bloc[] {
  const [above, below] = [blocs[rank], blocs[rank + 1]]
  return above && below ? blocs.with(rank, below).with(rank + 1, above) : blocs
}

function inserer(saisie: Saisie, id: string, cible: string): Saisie {
  const put = (text: string) => `${text}${text === '' || /\s$/.test(text) ? '' : ' '}{${id}}`
  if (cible === 'titre') return { ...saisie, titre: put(saisie.titre) }
  if (cible === 'sujet') return { ...saisie, sujet: put(saisie.sujet) }
  const rank = Number(cible.slice(1))
  const block = saisie.blocs[rank]
  return block ? { ...saisie, blocs: saisie.blocs.with(rank, { ...block, texte: put(block.texte) }) } : saisie
}

/** The text that the page holds, or what prevents it from being one: each place with its sentence. */
export function contenuSaisi(
  saisie: Saisie,
  usage: Usage,
  modele: Modele | null,
): { readonly contenu: Contenu; readonly erreurs: readonly FieldError[] } {
  const { sujet, titre, blocs, signataire, signataires } = saisie
  const others = signataires.filter(id => id !== (signataire || AGENT)) as NonNullable<Contenu['signataires']>
  const contenu: Contenu = {
    ...(estMessage(usage) ? { sujet } : {}),
    titre,
    blocs: [...blocs],
    ...(signataire ? { signataire } : {}),
    ...(others.length > 0 ? { signataires: others } : {}),
  }
  const parsed = schemaContenu.safeParse(contenu)
  const shape = parsed.success ? [] : parsed.error.issues.map(({ path, code }) => fauteDeForme(path, code))
  return {
    contenu,
    erreurs: [...(saisie.boites ? [saisie.boites.erreur] : []), ...shape, ...fautesDe(contenu, usage, modele)].filter(unique),
  }
}

const unique = (one: FieldError, index: number, all: readonly FieldError[]) => all.findIndex(other => other.champ === one.champ) === index

function fauteDeForme(path: readonly PropertyKey[], code: string): FieldError {
  const [part, rank] = path
  const isLong = code === 'too_big'
  if (part === 'blocs' && typeof rank === 'number') {
    const words = isLong ? `${bornes.texte.toLocaleString('fr-FR')} caractères au plus.` : 'écrivez un texte, ou retirez le bloc.'
    return { champ: `b${rank}-texte`, message: `Bloc ${rank + 1} : ${words}` }
  }
  if (part === 'blocs') return { champ: '', message: `Gardez de 1 à ${bornes.blocs} blocs.` }
  if (part === 'signataire' || part === 'signataires') return { champ: 'signataire', message: 'Choisissez qui signe dans la liste.' }
  const max = part === 'sujet' ? bornes.sujet : bornes.titre
  return {
    champ: String(part),
    message: isLong ? `${max} caractères au plus.` : part === 'sujet' ? 'Écrivez l’objet du courriel.' : 'Écrivez le titre.',
  }
}
