import { champsAffiches } from './affichage.ts'
import { type Reponses, valeurBrute } from './answers.ts'
import type { Env } from './expression.ts'
import { type Formulaire, indexDe } from './formulaire.ts'
import { aucune, type Recherche } from './recherche.ts'
import { one, type Saisie } from './saisie.ts'
import { type Champ, estCherche, typeDe, type Valeur } from './types/index.ts'

/**
 * The look-ups needed to read what was posted for an étape, or one row of it, by field: those of the fields that its page shows, that hold words,
 * and that are not the answer already stored. Pure: the caller makes them and gives the results in `env.trouvailles`.
 */
export function recherchesDe(
  formulaire: Formulaire,
  etapeId: string,
  saisie: Saisie,
  reponses: Reponses,
  env: Env,
  rowId?: string,
): ReadonlyMap<string, Recherche> {
  const etape = indexDe(formulaire).etapes.get(etapeId)
  if (!etape?.champs.some(estCherche)) return new Map()
  const row = etape.repetition ? rowId : undefined
  const found = champsAffiches(formulaire, etape, reponses, env, row).flatMap(({ champ }) => {
    const known = valeurBrute(formulaire, reponses, champ.id, row)
    if (known !== null && estInchange(champ, known, saisie)) return []
    const recherche = typeDe(champ).recherche?.(champ, saisie)
    return recherche ? [[champ.id, recherche] as const] : []
  })
  return new Map(found)
}

/**
 * Whether what was posted for a looked-up field says again what is stored: then it is kept without a look-up. An answer that no register could check is
 * looked up again, unless the person said that none of the propositions was theirs.
 */
export function estInchange(champ: Champ, valeur: Valeur, saisie: Saisie): boolean {
  const type = typeDe(champ)
  if (!estCherche(champ)) return false
  const again = type.saisir(champ, valeur)
  const isUnverified = typeof valeur === 'object' && 'verifiee' in valeur && valeur.verifiee === false
  if (isUnverified && again[`${champ.id}-choix`] !== aucune) return false
  return (
    Object.keys(again).every(name => name.endsWith('-choix') || name.endsWith('-mots') || one(again, name) === one(saisie, name)) &&
    sameChoice(champ.id, again, saisie)
  )
}

/** No other proposition was chosen in between. */
function sameChoice(id: string, again: Saisie, saisie: Saisie): boolean {
  const choice = one(saisie, `${id}-choix`)
  return choice === '' || choice === one(again, `${id}-choix`)
}
