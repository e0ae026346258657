import { isoInstant } from '../../../platform/clock.ts'
import type { Cell, Column } from '../../../platform/export/index.ts'
import { definitions, type Env, type Formulaire, type Reponses } from '../../formulaires/index.ts'
import { type Etat, LIBELLES_ETATS } from '../dossier.ts'

/** A dossier as exports read it; the last ones only when a column asks for them. */
export interface LigneLue {
  readonly id: string
  readonly reference: string
  readonly demarche_id: string
  readonly definition: string
  readonly etat: Etat
  readonly canal: string
  readonly service: string | null
  readonly agent_id: string | null
  readonly demandeur_nom: string | null
  readonly demandeur_courriel: string | null
  readonly depose_le: Date
  readonly modifie_le: Date
  readonly silence_le: string | null
  readonly decide_le: Date | null
  readonly motif?: string | null
  readonly avis?: readonly { readonly expert: string; readonly reponse: string | null; readonly texte: string | null }[] | null
  readonly etiquettes?: readonly string[] | null
  readonly reponses?: Reponses
  readonly annotations?: Reponses
}

/** The form in which dossiers were filled in, as it was published, and the facts of the day of each. */
export interface Forme {
  /** Of its démarche. */
  readonly titre: string
  /** Whole: with the étapes reserved to agents. */
  readonly formulaire: Formulaire
  readonly env: (ligne: LigneLue) => Env
}

/** What is known beside the dossier itself: names, the form of each definition, the time of the place. */
export interface Autour {
  readonly agent: (id: string) => string
  readonly forme: (definition: string) => Forme
  /** `YYYY-MM-DDTHH:MM`, where the collectivité is. */
  readonly instant: (date: Date) => string
}

/** A column of an export: plain data, that a thread may be told. */
export interface ColonneExport {
  readonly cle: string
  readonly titre: string
  readonly genre: Column['kind']
  readonly groupe: 'dossier' | 'reponses' | 'annotations'
  /** The repeated étape that it is in. */
  readonly repetee?: { readonly etape: string; readonly titre: string }
  /** The field that it is of, unless it is a fact of the dossier. */
  readonly champ?: definitions.Champ
}

/** Reads a column in the dossiers of one definition. */
export interface Lecteur {
  /** What a spreadsheet shows. */
  cellule(ligne: LigneLue): Cell
  /** The same as it is stored. */
  brute(ligne: LigneLue): unknown
}

const iso = (date: Date | null): string | null => date && isoInstant(date)
// Maps: to look up a property, V8 would make each text one of its own names.
const ETATS: ReadonlyMap<string, string> = new Map(Object.entries(LIBELLES_ETATS))
const CANAUX: ReadonlyMap<string, string> = new Map([
  ['web', 'En ligne'],
  ['guichet', 'Au guichet'],
  ['papier', 'Sur papier'],
  ['sms', 'Par SMS'],
  ['api', 'Par un autre logiciel'],
  ['hubee', 'Par HubEE'],
])

interface Fait extends Pick<ColonneExport, 'cle' | 'titre'>, Partial<Pick<ColonneExport, 'genre'>> {
  lire(ligne: LigneLue, autour: Autour): Cell
  brute?(ligne: LigneLue): unknown
}
const faits: readonly Fait[] = [
  { cle: 'reference', titre: 'Référence', lire: ({ reference }) => reference },
  {
    cle: 'demarche',
    titre: 'Démarche',
    lire: ({ definition }, { forme }) => forme(definition).titre,
    brute: ({ demarche_id }) => demarche_id,
  },
  { cle: 'etat', titre: 'État', lire: ({ etat }) => ETATS.get(etat)!, brute: ({ etat }) => etat },
  { cle: 'demandeur', titre: 'Demandeur', lire: ({ demandeur_nom }) => demandeur_nom },
  { cle: 'courriel', titre: 'Courriel du demandeur', lire: ({ demandeur_courriel }) => demandeur_courriel },
  { cle: 'canal', titre: 'Déposé', lire: ({ canal }) => CANAUX.get(canal) ?? canal, brute: ({ canal }) => canal },
  {
    cle: 'depot',
    titre: 'Reçu le',
    genre: 'instant',
    lire: ({ depose_le }, { instant }) => instant(depose_le),
    brute: ({ depose_le }) => iso(depose_le),
  },
  {
    cle: 'modification',
    titre: 'Dernier changement le',
    genre: 'instant',
    lire: ({ modifie_le }, { instant }) => instant(modifie_le),
    brute: ({ modifie_le }) => iso(modifie_le),
  },
  { cle: 'silence', titre: 'Sans réponse avant le', genre: 'day', lire: ({ silence_le }) => silence_le },
  {
    cle: 'decision',
    titre: 'Décidé le',
    genre: 'instant',
    lire: ({ decide_le }, { instant }) => decide_le && instant(decide_le),
    brute: ({ decide_le }) => iso(decide_le),
  },
  { cle: 'motif', titre: 'Motif de la décision', lire: ({ motif }) => enUneLigne(motif) },
  { cle: 'service', titre: 'Service', lire: ({ service }) => service },
  {
    cle: 'agent',
    titre: 'En charge',
    lire: ({ agent_id }, { agent }) => agent_id && agent(agent_id),
    brute: ({ agent_id }) => agent_id,
  },
  {
    cle: 'avis',
    titre: 'Avis rendus',
    lire: ({ avis }) =>
      avis?.map(({ expert, reponse, texte }) => [expert, reponse, enUneLigne(texte)].filter(Boolean).join(' : ')).join(' ; ') || null,
    brute: ({ avis }) => avis ?? [],
  },
  {
    cle: 'etiquettes',
    titre: 'Étiquettes',
    lire: ({ etiquettes }) => etiquettes?.join(' ; ') || null,
    brute: ({ etiquettes }) => etiquettes ?? [],
  },
]

/** The facts of any dossier. */
export const FAITS: readonly ColonneExport[] = faits.map(({ cle, titre, genre = 'text' }) => ({ cle, titre, genre, groupe: 'dossier' }))

/** Reads a column in the dossiers of a definition: what is the same for all of them is looked up once, and not for each cell. */
export function lecteurDe(colonne: ColonneExport, definition: string, autour: Autour): Lecteur {
  if (colonne.champ) return lecteurDuChamp(colonne, colonne.champ, autour.forme(definition))
  const { lire, brute } = faits.find(({ cle }) => cle === colonne.cle)!
  const cellule = (ligne: LigneLue) => lire(ligne, autour)
  return { cellule, brute: brute ?? cellule }
}

/** The columns proposed when nothing was chosen yet. */
export const FAITS_PAR_DEFAUT: readonly string[] = [
  'reference',
  'demarche',
  'etat',
  'demandeur',
  'courriel',
  'depot',
  'decision',
  'service',
  'agent',
]

// The number of social security serves only what a décret names (2019-341): a table of them has no use that it allows.
const JAMAIS: ReadonlySet<string> = new Set(['nir', 'explication', 'section'])

/** The columns that the answers of a form may give, those of agents last. A whole form: with the étapes reserved to agents. */
export const colonnesDuFormulaire = (formulaire: Formulaire): ColonneExport[] =>
  [...formulaire.etapes]
    .sort((a, b) => Number(a.reservee ?? false) - Number(b.reservee ?? false))
    .flatMap(etape => etape.champs.filter(({ type }) => !JAMAIS.has(type)).map(champ => colonneDuChamp(etape, champ)))

const colonneDuChamp = (etape: Formulaire['etapes'][number], champ: definitions.Champ): ColonneExport => ({
  cle: `c.${champ.id}`,
  titre: champ.libelle,
  genre: genreDe(champ),
  groupe: etape.reservee ? 'annotations' : 'reponses',
  ...(etape.repetition ? { repetee: { etape: etape.id, titre: etape.titre } } : {}),
  champ,
})

function lecteurDuChamp(colonne: ColonneExport, champ: definitions.Champ, forme: Forme): Lecteur {
  // Read with the words of the definition in which it was answered: an option may have been renamed or removed since.
  const cellule = celluleDe(definitions.indexDe(forme.formulaire).champs.get(champ.id)?.champ ?? champ)
  const valeurs = champ.type === 'calcul' ? calculees(forme, champ.id) : reponses(colonne, champ.id)
  const garder = (found: readonly unknown[]) => (colonne.repetee ? found : (found[0] ?? null))
  if ('une' in valeurs) {
    const { une } = valeurs
    return { cellule: ligne => cellule(une(ligne)), brute: ligne => garder([une(ligne) ?? null]) }
  }
  const { lignes } = valeurs
  return {
    cellule(ligne) {
      const found = lignes(ligne)
      if (found.length === 1) return cellule(found[0])
      const cells = found.flatMap(valeur => cellule(valeur) ?? [])
      return cells.length > 1 ? cells.join(' ; ') : (cells[0] ?? null)
    },
    brute: ligne => garder(lignes(ligne).map(valeur => valeur ?? null)),
  }
}

/** What a dossier has for a column: one value, or as many as the rows of what is repeated. */
type Valeurs = { une(ligne: LigneLue): unknown } | { lignes(ligne: LigneLue): readonly unknown[] }

function reponses({ repetee, groupe }: ColonneExport, champ: string): Valeurs {
  if (repetee) return { lignes: ({ reponses }) => (reponses?.lignes[repetee.etape] ?? []).map(row => propre(row.champs, champ)) }
  if (groupe === 'annotations') return { une: ({ annotations }) => annotations && propre(annotations.champs, champ) }
  return { une: ({ reponses }) => reponses && propre(reponses.champs, champ) }
}

const propre = (values: Readonly<Record<string, unknown>> = {}, id: string): unknown => (Object.hasOwn(values, id) ? values[id] : null)

/** How the values of a field are made cells; null when there is none, or not of this type. */
function celluleDe(champ: definitions.Champ): (valeur: unknown) => Cell {
  const type = definitions.typeDe(champ)
  const nature = type.nature(champ)
  const isText = champ.type === 'date' || champ.type === 'date_heure'
  const isCounted = nature === 'nombre' || nature === 'montant' || nature === 'date'
  return valeur => {
    if (valeur === null || valeur === undefined || !type.est(valeur)) return null
    if (isText) return String(valeur)
    const found = isCounted ? type.resultat(champ, valeur) : null
    if (typeof found === 'number' && nature !== 'date') return nature === 'montant' ? found / 100 : found
    if (typeof found === 'string' && nature === 'date') return found
    return enUneLigne(type.formater(champ, valeur))
  }
}

function genreDe(champ: definitions.Champ): Column['kind'] {
  if (champ.type === 'date_heure') return 'instant'
  const kinds: Partial<Record<definitions.Nature, Column['kind']>> = { nombre: 'number', montant: 'amount', date: 'day' }
  return kinds[definitions.typeDe(champ).nature(champ) ?? 'texte'] ?? 'text'
}

const enUneLigne = (text: string | null | undefined): string | null =>
  (text?.includes('\n') ? text.replace(/\s*\n\s*/g, ', ') : text) || null

function calculees(forme: Forme, id: string): Valeurs {
  const place = definitions.indexDe(forme.formulaire).champs.get(id)
  if (!place) return { lignes: () => [] }
  const { champ, etape } = place
  if (!etape.repetition) return { une: ligne => ligne.reponses && vueDe(ligne, ligne.reponses, forme).valeur(champ) }
  return {
    lignes(ligne) {
      if (!ligne.reponses) return []
      const vue = vueDe(ligne, ligne.reponses, forme)
      return vue.etapeVisible(etape) ? (ligne.reponses.lignes[etape.id] ?? []).map(row => vue.valeur(champ, row.id)) : []
    },
  }
}

// Once a dossier, however many columns are computed: the columns of a row are read one after the other. It resolves what is asked of it and no more.
// A map of all, even weak, is walked by each collection of the heap: a third of the time of an export.
let derniere: { readonly ligne: LigneLue; readonly vue: definitions.Vue } | undefined
function vueDe(ligne: LigneLue, reponses: Reponses, { formulaire, env }: Forme): definitions.Vue {
  if (derniere?.ligne === ligne) return derniere.vue
  const annotations = ligne.annotations?.champs ?? {}
  const whole = Object.keys(annotations).length > 0 ? { ...reponses, champs: { ...reponses.champs, ...annotations } } : reponses
  derniere = { ligne, vue: definitions.ouvrirVue(formulaire, whole, env(ligne)) }
  return derniere.vue
}

/** What a dossier gives to the sheet of a repeated étape: a row for each child, each vehicle. */
export function lecteurDesLignes(
  colonnes: readonly ColonneExport[],
  etape: string,
  { formulaire }: Forme,
): (ligne: LigneLue) => readonly Cell[][] {
  const { champs } = definitions.indexDe(formulaire)
  const cellules = colonnes.map(({ cle }) => {
    const champ = champs.get(cle.slice(2))?.champ
    const cellule = champ && celluleDe(champ)
    return (values: Reponses['champs']): Cell => (cellule ? cellule(propre(values, champ.id)) : null)
  })
  return ({ reference, reponses }) =>
    (reponses?.lignes[etape] ?? []).map(row => [reference, ...cellules.map(cellule => cellule(row.champs))])
}
