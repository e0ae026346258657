import {
  acceptEtape,
  addRow,
  aucuneReponse,
  dates,
  type Env,
  type Erreur,
  type Reponses,
  type Saisie,
  setPieces,
} from '../formulaires/index.ts'
import type { Modele } from './demarche.ts'
import acteEtatCivil from './modeles/samples/acte-etat-civil.json' with { type: 'json' }
import occupationDomainePublic from './modeles/samples/occupation-domaine-public.json' with { type: 'json' }
import restaurationScolaire from './modeles/samples/restauration-scolaire.json' with { type: 'json' }

/** What a plainly fictional person posts, page after page. */
export interface Exemple {
  readonly nom: string
  readonly envois: readonly {
    readonly etape: string
    readonly rowId?: string
    readonly saisie: Saisie
    /** Days counted from today, put in the three boxes of a date. */
    readonly dansJours?: Readonly<Record<string, number>>
    /** Names of the files joined, by field. */
    readonly pieces?: Readonly<Record<string, readonly string[]>>
  }[]
}

/** Sample answers of each template shipped, valid whatever the day. */
export const exemples: Readonly<Record<string, readonly Exemple[]>> = {
  'acte-etat-civil': toExemples(acteEtatCivil),
  'restauration-scolaire': toExemples(restaurationScolaire),
  'occupation-domaine-public': toExemples(occupationDomainePublic),
}

/** Posts a sample through the engine. `erreurs` is empty when every page was accepted; it stops at the first page refused. */
export function jouerExemple(modele: Modele, exemple: Exemple, env: Env): { reponses: Reponses; erreurs: readonly Erreur[] } {
  let reponses: Reponses = aucuneReponse
  for (const { etape, rowId, saisie, dansJours = {}, pieces = {} } of exemple.envois) {
    if (rowId !== undefined) reponses = addRow(modele.formulaire, reponses, etape, rowId) ?? reponses
    for (const [champ, noms] of Object.entries(pieces)) {
      const files = noms.map((nom, rank) => ({ id: `exemple-${champ}-${rank + 1}`, nom, tailleOctets: 48_000 }))
      reponses = setPieces(modele.formulaire, reponses, champ, files, rowId)
    }
    const typed = { ...saisie, ...relativeDates(dansJours, env.aujourdhui) }
    const result = acceptEtape(modele.formulaire, etape, typed, reponses, env, rowId)
    if (!result.ok) return { reponses, erreurs: result.erreurs }
    reponses = result.reponses
  }
  return { reponses, erreurs: [] }
}

function relativeDates(dansJours: Readonly<Record<string, number>>, today: string): Saisie {
  const boxes = Object.entries(dansJours).flatMap(([champ, days]) => {
    const [annee = '', mois = '', jour = ''] = (dates.addDays(today, days) ?? today).split('-')
    return [[`${champ}-jour`, jour] as const, [`${champ}-mois`, mois] as const, [`${champ}-annee`, annee] as const]
  })
  return Object.fromEntries(boxes)
}

// The compiler gives each envoi of a JSON file its own keys; the shape itself is checked by the tests that post every sample.
function toExemples(json: readonly { nom: string; envois: readonly { etape: string }[] }[]): readonly Exemple[] {
  return json as unknown as readonly Exemple[]
}
