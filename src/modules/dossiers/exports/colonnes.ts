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

/** What is known beside the dossier itself: names, forms of each definition, the time of the place. */
export interface Autour {
  readonly agent: (id: string) => string
  readonly demarche: (definition: string) => string
  /** The whole form in which a dossier was filled in, and the facts of its day. */
  readonly formulaire: (definition: string) => { readonly formulaire: Formulaire; readonly champs: ReadonlyMap<string, definitions.Champ> }
  readonly env: (ligne: LigneLue) => Env
  /** `YYYY-MM-DDTHH:MM`, where the collectivité is. */
  readonly instant: (date: Date) => string
}

/** A column of an export: what a spreadsheet shows, and the same as it is stored. */
export interface ColonneExport {
  readonly cle: string
  readonly titre: string
  readonly genre: Column['kind']
  readonly groupe: 'dossier' | 'reponses' | 'annotations'
  /** The repeated étape that it is in. */
  readonly repetee?: { readonly etape: string; readonly titre: string }
  lire(ligne: LigneLue, autour: Autour): Cell
  brute(ligne: LigneLue, autour: Autour): unknown
}

const iso = (date: Date | null): string | null => date?.toISOString() ?? null
const CANAUX: Readonly<Record<string, string>> = {
  web: 'En ligne',
  guichet: 'Au guichet',
  papier: 'Sur papier',
  sms: 'Par SMS',
  api: 'Par un autre logiciel',
  hubee: 'Par HubEE',
}

type Fait = Pick<ColonneExport, 'cle' | 'titre' | 'lire'> & Partial<Pick<ColonneExport, 'genre' | 'brute'>>
const fait = (column: Fait): ColonneExport => ({ genre: 'text', brute: column.lire, groupe: 'dossier', ...column })

/** The facts of any dossier. */
export const FAITS: readonly ColonneExport[] = [
  fait({ cle: 'reference', titre: 'Référence', lire: ({ reference }) => reference }),
  fait({
    cle: 'demarche',
    titre: 'Démarche',
    lire: ({ definition }, { demarche }) => demarche(definition),
    brute: ({ demarche_id }) => demarche_id,
  }),
  fait({ cle: 'etat', titre: 'État', lire: ({ etat }) => LIBELLES_ETATS[etat], brute: ({ etat }) => etat }),
  fait({ cle: 'demandeur', titre: 'Demandeur', lire: ({ demandeur_nom }) => demandeur_nom }),
  fait({ cle: 'courriel', titre: 'Courriel du demandeur', lire: ({ demandeur_courriel }) => demandeur_courriel }),
  fait({ cle: 'canal', titre: 'Déposé', lire: ({ canal }) => CANAUX[canal] ?? canal, brute: ({ canal }) => canal }),
  fait({
    cle: 'depot',
    titre: 'Reçu le',
    genre: 'instant',
    lire: ({ depose_le }, { instant }) => instant(depose_le),
    brute: ({ depose_le }) => iso(depose_le),
  }),
  fait({
    cle: 'modification',
    titre: 'Dernier changement le',
    genre: 'instant',
    lire: ({ modifie_le }, { instant }) => instant(modifie_le),
    brute: ({ modifie_le }) => iso(modifie_le),
  }),
  fait({ cle: 'silence', titre: 'Sans réponse avant le', genre: 'day', lire: ({ silence_le }) => silence_le }),
  fait({
    cle: 'decision',
    titre: 'Décidé le',
    genre: 'instant',
    lire: ({ decide_le }, { instant }) => decide_le && instant(decide_le),
    brute: ({ decide_le }) => iso(decide_le),
  }),
  fait({ cle: 'motif', titre: 'Motif de la décision', lire: ({ motif }) => enUneLigne(motif) }),
  fait({ cle: 'service', titre: 'Service', lire: ({ service }) => service }),
  fait({
    cle: 'agent',
    titre: 'En charge',
    lire: ({ agent_id }, { agent }) => agent_id && agent(agent_id),
    brute: ({ agent_id }) => agent_id,
  }),
  fait({
    cle: 'avis',
    titre: 'Avis rendus',
    lire: ({ avis }) =>
      avis?.map(({ expert, reponse, texte }) => [expert, reponse, enUneLigne(texte)].filter(Boolean).join(' : ')).join(' ; ') || null,
    brute: ({ avis }) => avis ?? [],
  }),
  fait({
    cle: 'etiquettes',
    titre: 'Étiquettes',
    lire: ({ etiquettes }) => etiquettes?.join(' ; ') || null,
    brute: ({ etiquettes }) => etiquettes ?? [],
  }),
]

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

function colonneDuChamp(etape: Formulaire['etapes'][number], champ: definitions.Champ): ColonneExport {
  const valeurs = (ligne: LigneLue, autour: Autour): unknown[] => {
    if (champ.type === 'calcul') return calculees(ligne, autour, champ.id)
    if (!ligne.reponses) return []
    if (etape.repetition) return (ligne.reponses.lignes[etape.id] ?? []).map(row => propre(row.champs, champ.id))
    return [propre((etape.reservee ? ligne.annotations?.champs : ligne.reponses.champs) ?? {}, champ.id)]
  }
  return {
    cle: `c.${champ.id}`,
    titre: champ.libelle,
    genre: genreDe(champ),
    groupe: etape.reservee ? 'annotations' : 'reponses',
    ...(etape.repetition ? { repetee: { etape: etape.id, titre: etape.titre } } : {}),
    lire(ligne, autour) {
      // Read with the words of the definition in which it was answered: an option may have been renamed or removed since.
      const known = autour.formulaire(ligne.definition).champs.get(champ.id) ?? champ
      const cells = valeurs(ligne, autour).flatMap(valeur => celluleDe(known, valeur) ?? [])
      return cells.length > 1 ? cells.join(' ; ') : (cells[0] ?? null)
    },
    brute(ligne, autour) {
      const raw = valeurs(ligne, autour).map(valeur => valeur ?? null)
      return etape.repetition ? raw : (raw[0] ?? null)
    },
  }
}

const propre = (values: Readonly<Record<string, unknown>>, id: string): unknown => (Object.hasOwn(values, id) ? values[id] : null)

/** A value of a field as a cell; null when it has none, or not of this type. */
export function celluleDe(champ: definitions.Champ, valeur: unknown): Cell {
  const type = definitions.typeDe(champ)
  if (valeur === null || valeur === undefined || !type.est(valeur)) return null
  if (champ.type === 'date' || champ.type === 'date_heure') return String(valeur)
  const found = type.resultat(champ, valeur)
  const nature = type.nature(champ)
  if (nature === 'nombre' && typeof found === 'number') return found
  if (nature === 'montant' && typeof found === 'number') return found / 100
  if (nature === 'date' && typeof found === 'string') return found
  return enUneLigne(type.formater(champ, valeur))
}

function genreDe(champ: definitions.Champ): Column['kind'] {
  if (champ.type === 'date_heure') return 'instant'
  const kinds: Partial<Record<definitions.Nature, Column['kind']>> = { nombre: 'number', montant: 'amount', date: 'day' }
  return kinds[definitions.typeDe(champ).nature(champ) ?? 'texte'] ?? 'text'
}

const enUneLigne = (text: string | null | undefined): string | null => text?.replace(/\s*\n\s*/g, ', ') || null

function calculees(ligne: LigneLue, autour: Autour, id: string): unknown[] {
  if (!ligne.reponses) return []
  const { formulaire, champs } = autour.formulaire(ligne.definition)
  const champ = champs.get(id)
  const etape = definitions.indexDe(formulaire).champs.get(id)?.etape
  if (!champ || !etape) return []
  const vue = vueDe(ligne, ligne.reponses, formulaire, autour)
  if (!etape.repetition) return [vue.valeur(champ)]
  return vue.etapeVisible(etape) ? (ligne.reponses.lignes[etape.id] ?? []).map(row => vue.valeur(champ, row.id)) : []
}

// Once a dossier, however many columns are computed: the columns of a row are read one after the other. It resolves what is asked of it and no more.
// A map of all, even weak, is walked by each collection of the heap: a third of the time of an export.
let derniere: { readonly ligne: LigneLue; readonly vue: definitions.Vue } | undefined
function vueDe(ligne: LigneLue, reponses: Reponses, formulaire: Formulaire, autour: Autour): definitions.Vue {
  if (derniere?.ligne === ligne) return derniere.vue
  const annotations = ligne.annotations?.champs ?? {}
  const whole = Object.keys(annotations).length > 0 ? { ...reponses, champs: { ...reponses.champs, ...annotations } } : reponses
  derniere = { ligne, vue: definitions.ouvrirVue(formulaire, whole, autour.env(ligne)) }
  return derniere.vue
}

/** What one dossier gives to the sheet of a repeated étape: a row for each child, each vehicle. */
export function lignesRepetees(colonnes: readonly ColonneExport[], etape: string, ligne: LigneLue, autour: Autour): Cell[][] {
  const { champs } = autour.formulaire(ligne.definition)
  return (ligne.reponses?.lignes[etape] ?? []).map(row => [
    ligne.reference,
    ...colonnes.map(({ cle }) => {
      const champ = champs.get(cle.slice(2))
      return champ ? celluleDe(champ, propre(row.champs, champ.id)) : null
    }),
  ])
}
