import { type Result, refuse } from '../../../platform/refusal.ts'
import { definitions, problems, type Reponses } from '../../formulaires/index.ts'
import { lireValeur } from '../preremplir.ts'
import { refusals } from '../refusals.ts'
import { annotable, annoter, envDesAnnotations } from './annoter.ts'
import type { Cas } from './instruire.ts'

/** A file has its own way in, and what is computed or only read is nobody's answer. */
const JAMAIS: ReadonlySet<string> = new Set(['piece', 'calcul', 'explication', 'section'])

/**
 * Keeps annotations given by another program, by field: as an agent would type them or as they are stored; null empties one. All, or none: refuses,
 * naming the field, one that is not reserved to agents, and a value that its type or its bounds refuse.
 */
export async function annoterParValeurs(cas: Cas, valeurs: ReadonlyMap<string, unknown>): Promise<Result<{ rang: number }>> {
  const found = await annotable(cas)
  const [first] = valeurs.keys()
  if (!found || first === undefined) return refuse(refusals.annotation_refusee)
  const { formulaire } = found
  const { champs: places } = definitions.indexDe(formulaire)
  const env = envDesAnnotations(cas)
  const champs: Record<string, definitions.Valeur> = { ...found.reponses.champs }
  for (const [id, brute] of valeurs) {
    const place = places.get(id)
    if (!place?.etape.reservee || JAMAIS.has(place.champ.type)) return refusee(id, 'Cette question n’est pas une annotation.')
    delete champs[id]
    if (brute === null) continue
    const lecture = lireValeur(place.champ, brute, env)
    if ('message' in lecture) return refusee(id, lecture.message)
    champs[id] = lecture.valeur
  }
  const reponses: Reponses = { ...found.reponses, champs }
  const wrong = problems(formulaire, reponses, env).find(({ champ }) => valeurs.has(champ) && Object.hasOwn(champs, champ))
  if (wrong) return refusee(wrong.champ, wrong.message)
  return annoter(cas, places.get(first)?.etape.id ?? '', formulaire, reponses)
}

const refusee = (champ: string, message: string) => refuse({ ...refusals.annotation_refusee, sentence: message, field: champ.slice(0, 60) })
