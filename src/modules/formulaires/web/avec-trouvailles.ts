import type { Reponses } from '../answers.ts'
import type { Env } from '../expression.ts'
import type { Formulaire } from '../formulaire.ts'
import type { Recherche, Reponse, Trouvaille } from '../recherche.ts'
import { recherchesDe } from '../recherches.ts'
import type { Saisie } from '../saisie.ts'

export type { Recherche, Reponse, Trouvaille }

/** Makes one look-up: in the registers of the program, or by an API with its own time limit. Throwing is being away. */
export type Chercheur = (recherche: Recherche) => Promise<Reponse>

/**
 * The facts with what the look-ups of a post gave, to be called before `acceptEtape` with the same arguments: `env` itself when there is nothing to look
 * up. All are made at once; one that fails makes its answer accepted as typed, marked unverified, and blocks nothing.
 */
export async function avecTrouvailles(
  formulaire: Formulaire,
  etapeId: string,
  saisie: Saisie,
  reponses: Reponses,
  env: Env,
  chercher: Chercheur,
  rowId?: string,
): Promise<Env> {
  const recherches = [...recherchesDe(formulaire, etapeId, saisie, reponses, env, rowId)]
  if (recherches.length === 0) return env
  const found = recherches.map(async ([champ, recherche]): Promise<readonly [string, Reponse]> => {
    try {
      return [champ, await chercher(recherche)]
    } catch {
      return [champ, 'indisponible']
    }
  })
  return { ...env, trouvailles: new Map(await Promise.all(found)) }
}
