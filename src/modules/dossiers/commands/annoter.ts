import { type Result, refuse } from '../../../platform/refusal.ts'
import { formulaireDesAgents } from '../../demarches/index.ts'
import { type Formulaire, type Probleme, type Reponses, reserve } from '../../formulaires/index.ts'
import { refusals } from '../refusals.ts'
import { advance } from './advance.ts'
import { envDuDossier } from './deposer.ts'
import type { Cas } from './instruire.ts'

/** The whole form of a dossier for those who handle it, and what it reads: the person's answers and the agents' annotations. */
export interface Annotable {
  readonly formulaire: Formulaire
  readonly reponses: Reponses
}

/** What agents may note on a dossier; undefined when its démarche reserves nothing to them. */
export async function annotable({ tx, dossier }: Cas): Promise<Annotable | undefined> {
  const formulaire = await formulaireDesAgents(tx, dossier.definition)
  return formulaire && { formulaire, reponses: reserve.avecAnnotations(dossier.reponses, dossier.annotations) }
}

/** The facts in which annotations are read: those of today, since agents note today. */
export const envDesAnnotations = ({ app, collectivite, modele }: Cas) => envDuDossier(app, collectivite, modele)

/** What agents still have to note before a decision; empty when nothing, or when nothing is reserved to them. */
export async function annotationsManquantes(cas: Cas): Promise<Probleme[]> {
  const found = await annotable(cas)
  return found ? reserve.problemesDAnnotation(found.formulaire, cas.dossier.reponses, cas.dossier.annotations, envDesAnnotations(cas)) : []
}

/** Refuses to decide while annotations are missing, naming each place; undefined when nothing prevents it. */
export async function refusDAnnotations(cas: Cas): Promise<Result<never> | undefined> {
  const missing = await annotationsManquantes(cas)
  if (missing.length === 0) return undefined
  const { formulaire } = (await annotable(cas))!
  const libelles = new Map(formulaire.etapes.flatMap(({ champs }) => champs.map(({ id, libelle }) => [id, libelle] as const)))
  const places = missing.map(({ champ }) => `« ${libelles.get(champ) ?? champ} »`).join(', ')
  return refuse({ ...refusals.annotations, sentence: `${refusals.annotations.sentence} À compléter : ${places}.` })
}

/** Keeps what agents noted on an étape, accepted by the engine (`reponses` is the whole). Writes nothing when nothing changed. */
export async function annoter(cas: Cas, etape: string, formulaire: Formulaire, reponses: Reponses): Promise<Result<{ rang: number }>> {
  const annotations = reserve.annotationsDe(formulaire, reponses)
  const { app, tx, collectivite, dossier, modele, auteur } = cas
  if (memes(annotations, dossier.annotations)) return { ok: true, value: { rang: dossier.version } }
  return advance(app, tx, collectivite.id, dossier, modele.regime, auteur, {
    nature: 'annoter',
    donnees: { etape },
    changes: { annotations },
  })
}

/** Whether two sets of annotations say the same; a dossier never noted has none at all. */
const memes = (a: Reponses, b: Partial<Reponses>): boolean => {
  const [left, right] = [a.champs, b.champs ?? {}]
  const ids = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...ids].every(id => JSON.stringify(left[id]) === JSON.stringify(right[id]))
}
