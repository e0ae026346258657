import * as z from 'zod'
import {
  type Commune,
  checkFormulaire,
  type Defaut,
  dates,
  definitions,
  type Env,
  type Formulaire,
  type Reponses,
  reserve,
  schemaFormulaire,
  valeursDesParametres,
} from '../formulaires/index.ts'
import { type EvenementDeVie, evenementsDeVie } from './evenements-de-vie.ts'
import { marques } from './texte-decision.ts'
import { type BaseRgpd, basesRgpd, type SortFinal, sortsFinaux } from './traitement.ts'

const texte = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine(text => !/<[a-z!/?]|&#?\w+;/i.test(text), 'texte simple attendu, sans balise')

function estAdresseSure(typed: string): boolean {
  return URL.canParse(typed) && new URL(typed).protocol === 'https:' && new URL(typed).username === ''
}

/** The JSON shape of a template of démarche: everything that is said and asked, as data. */
export const schemaModele = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{2,59}$/),
  /** Grows by one at each published revision; a published one never changes. */
  version: z.int().min(1),
  titre: texte(120),
  /** One plain sentence. */
  resume: texte(240),
  evenementDeVie: z.enum(Object.keys(evenementsDeVie) as [EvenementDeVie, ...EvenementDeVie[]]),
  /** What people type when they look for it, in their own words. */
  motsCles: z.array(texte(60)).min(1).max(40),
  /** Who may ask. */
  pour: texte(400),
  /** How long it takes to fill in. */
  dureeMinutes: z.int().min(1).max(120),
  cout: texte(300),
  /** How long the answer usually takes, in days. */
  delaiJours: z.int().min(0).max(365),
  /** Documents to prepare, each with its condition. */
  pieces: z.array(texte(300)).max(20),
  baseLegale: z
    .array(z.strictObject({ texte: texte(200), reference: texte(200) }))
    .min(1)
    .max(20),
  /**
   * What silence means, after how many whole months, and the text it rests on. `jours` counts instead of the months where the text says
   * days. `reprise`: what becomes of the period once a dossier was completed; none: what CRPA L114-5 says of this effect.
   */
  silence: z.strictObject({
    effet: z.enum(['acceptation', 'rejet']),
    mois: z.int().min(1).max(24),
    jours: z.int().min(1).max(730).optional(),
    reprise: z.enum(['repart', 'continue']).optional(),
    texte: texte(600),
  }),
  /** `declaratif`: accepted at once; `sva` and `svr`: silence decides by itself at its date. */
  regime: z.enum(['ordinaire', 'declaratif', 'sva', 'svr']),
  /** How to appeal, said in the receipt and in the decision. */
  recours: texte(1500),
  /** The service in charge, as people know it. */
  service: texte(120),
  /** Who is in charge instead of `service`: the first whose expression holds for the answers filed. */
  aiguillage: z
    .array(z.strictObject({ expression: definitions.schemaExpression, service: texte(120) }))
    .max(20)
    .optional(),
  /** Where the person may also say what they think on the national site « Je donne mon avis ». */
  avisUrl: z.string().max(300).refine(estAdresseSure, 'adresse https attendue').optional(),
  decision: z.strictObject({
    objet: texte(200),
    /** Paragraphs of the document that grants; `{champ}` and `{parametre}` are replaced by answers and settings. */
    texteAcceptation: z.array(texte(1000)).min(1).max(20),
    /** The document ends by these words before the reason given by the agent. */
    texteRefus: z.array(texte(1000)).min(1).max(20),
  }),
  /** After the decision, then purged (dossiers.md: 60 at most). */
  conservationMois: z.int().min(1).max(60),
  /** Why the answers are read (RGPD, 5.1.b); left out: to handle the request and answer it. */
  finalites: z.array(texte(300)).max(10).optional(),
  /** The ground of the processing (RGPD, 6.1); left out: a task of public interest. */
  baseRgpd: z.enum(Object.keys(basesRgpd) as [BaseRgpd, ...BaseRgpd[]]).optional(),
  /** What becomes of a dossier at the end of its time; left out: destroyed. */
  sortFinal: z.enum(Object.keys(sortsFinaux) as [SortFinal, ...SortFinal[]]).optional(),
  /** Fields that tell who asks: their ids in the form. */
  demandeur: z
    .strictObject({ nom: z.string(), prenom: z.string(), courriel: z.string(), telephone: z.string(), adresse: z.string() })
    .partial({
      telephone: true,
      adresse: true,
    }),
  formulaire: schemaFormulaire,
})

/** A template of démarche, as the catalogue holds it. */
export type Modele = z.infer<typeof schemaModele>

/** Everything wrong with a template, with its place; empty when it may be published. */
export function checkModele(definition: unknown): Defaut[] {
  const formulaire: unknown = typeof definition === 'object' && definition !== null ? Reflect.get(definition, 'formulaire') : undefined
  const inForm = checkFormulaire(formulaire)
  // What is too deep to be read, in the form or beside it, would overflow the reading itself.
  if (definitions.estTropProfond(formulaire)) return inForm
  if (definitions.estTropProfond(definition)) return [{ lieu: 'démarche', message: 'définition trop profonde' }]
  const parsed = schemaModele.safeParse(definition, { error: z.locales.fr().localeError })
  const around = parsed.success ? [] : parsed.error.issues.filter(({ path }) => path[0] !== 'formulaire')
  if (inForm.length > 0 || !parsed.success)
    return [...around.map(({ path, message }) => ({ lieu: path.join('.') || 'démarche', message })), ...inForm]
  return [
    ...checkDemandeur(parsed.data),
    ...checkRegime(parsed.data),
    ...checkDecision(parsed.data),
    ...checkAiguillage(parsed.data),
    ...checkReserves(parsed.data),
    ...checkCaracteres(parsed.data, []),
    ...checkPoids(parsed.data),
  ]
}

/** Characters of a definition written down: fifteen times the longest one shipped. Every change of a working copy keeps a whole one. */
const POIDS_AU_PLUS = 200_000

const checkPoids = (modele: Modele): Defaut[] =>
  JSON.stringify(modele).length > POIDS_AU_PLUS
    ? [{ lieu: 'démarche', message: `${definitions.formatNumber(POIDS_AU_PLUS)} caractères au plus en tout` }]
    : []

/** Texts that the database refuses (NUL, half a character) or that show something else than what they are (controls of direction), wherever they are. */
function checkCaracteres(value: unknown, path: readonly string[]): Defaut[] {
  if (typeof value === 'string')
    return value.isWellFormed() && !/(?!\n)\p{Cc}|\p{Bidi_Control}/u.test(value)
      ? []
      : [{ lieu: path.join('.'), message: 'caractère de contrôle refusé' }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => checkCaracteres(inner, [...path, key]))
}

const typesDuDemandeur = { nom: 'texte', prenom: 'texte', courriel: 'courriel', telephone: 'telephone', adresse: 'adresse' } as const

const champsDe = (formulaire: Formulaire) =>
  new Map(
    formulaire.etapes.flatMap(etape => etape.champs.map(champ => [champ.id, { champ, repeated: etape.repetition !== undefined }] as const)),
  )

function checkDemandeur({ demandeur, formulaire }: Modele): Defaut[] {
  const champs = champsDe(formulaire)
  return Object.entries(demandeur).flatMap(([role, id]) => {
    const found = id === undefined ? undefined : champs.get(id)
    const lieu = `demandeur, « ${role} »`
    if (!found || found.repeated) return [{ lieu, message: `champ inconnu ou répété « ${id} »` }]
    const expected = typesDuDemandeur[role as keyof typeof typesDuDemandeur]
    return found.champ.type === expected ? [] : [{ lieu, message: `« ${id} » est de type ${found.champ.type}, pas ${expected}` }]
  })
}

// A declaration is accepted by being sent: silence cannot refuse it.
const EFFET_DU_REGIME = { ordinaire: undefined, declaratif: 'acceptation', sva: 'acceptation', svr: 'rejet' } as const

/** A regime that decides by itself must say the same thing as the sentence on silence. */
function checkRegime({ regime, silence }: Modele): Defaut[] {
  const contradiction = (EFFET_DU_REGIME[regime] ?? silence.effet) !== silence.effet
  return contradiction ? [{ lieu: 'silence', message: `contredit le régime « ${regime} »` }] : []
}

function checkAiguillage({ aiguillage = [], formulaire }: Modele): Defaut[] {
  return aiguillage.flatMap(({ expression, service }) =>
    definitions.checkExpression(expression, { formulaire }, 'booleen').map(message => ({ lieu: `aiguillage, « ${service} »`, message })),
  )
}

/** What agents note is never said to the person, and nothing is decided on it when the dossier is filed. */
function checkReserves({ formulaire, demandeur, aiguillage = [], decision }: Modele): Defaut[] {
  const reserves = new Set(reserve.etapesReservees(formulaire).flatMap(({ champs }) => champs.map(({ id }) => id)))
  if (reserves.size === 0) return []
  const dire = (lieu: string, ids: readonly (string | undefined)[]): Defaut[] =>
    [...new Set(ids)].flatMap(id => (id !== undefined && reserves.has(id) ? [{ lieu, message: `« ${id} » est réservé aux agents` }] : []))
  const marked = [decision.objet, ...decision.texteAcceptation, ...decision.texteRefus].flatMap(text => [...text.matchAll(marques)])
  return [
    ...dire('demandeur', Object.values(demandeur)),
    ...aiguillage.flatMap(({ expression, service }) => dire(`aiguillage, « ${service} »`, definitions.lecturesDe(expression).champs)),
    ...dire(
      'decision',
      marked.map(([, id]) => id),
    ),
  ]
}

function checkDecision({ decision, formulaire }: Modele): Defaut[] {
  const champs = champsDe(formulaire)
  const parametres = new Set(formulaire.parametres?.map(({ id }) => id))
  return [decision.objet, ...decision.texteAcceptation, ...decision.texteRefus].flatMap(text =>
    [...text.matchAll(marques)].flatMap(([, id = '']) => {
      const champ = champs.get(id)
      return (champ && !champ.repeated) || parametres.has(id) ? [] : [{ lieu: 'decision', message: `champ ou paramètre inconnu « ${id} »` }]
    }),
  )
}

/**
 * The day on which silence counts as a decision. The period is counted from the day after the deposit (CRPA L231-1, L112-15), in
 * whole months from date to date, or to the last day of a month that has no such date (code de procédure civile, art. 641), or in days
 * where the démarche says so: deposited on 15 January, two months end on 15 March at midnight, and the decision exists on 16 March.
 * No holiday puts it off: nobody has anything to do on that day (CPC 642 is about acts to be done).
 * `depotDay` is `YYYY-MM-DD`, the day of the complete deposit in the time zone of the collectivité; an impossible day is a
 * mistake of the caller and throws a RangeError.
 */
export function silenceDate(depotDay: string, { silence }: { readonly silence: Pick<Modele['silence'], 'mois' | 'jours'> }): string {
  const last = silence.jours === undefined ? dates.addMonths(depotDay, silence.mois) : dates.addDays(depotDay, silence.jours)
  const decided = last && dates.addDays(last, 1)
  if (!decided) throw new RangeError(`silenceDate: not a day: ${depotDay}`)
  return decided
}

/** The service in charge of answers filed: by the démarche's routing, else the one it names. */
export function serviceDe(modele: Modele, reponses: Reponses, env: Env): string {
  const found = modele.aiguillage?.find(({ expression }) => definitions.conditionTenue(modele.formulaire, reponses, env, expression))
  return found?.service ?? modele.service
}

/** The facts in which the form of a démarche is read: the day, the commune, its settings over the defaults of the template. */
export function envDe(modele: Modele, aujourdhui: string, commune: Commune, reglages: Readonly<Record<string, unknown>> = {}): Env {
  return { aujourdhui, commune, parametres: valeursDesParametres(modele.formulaire, reglages) }
}
