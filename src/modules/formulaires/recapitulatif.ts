import type { Reponses } from './answers.ts'
import type { Env } from './expression.ts'
import type { Formulaire } from './formulaire.ts'
import { type ChampVu, parcours } from './parcours.ts'
import { typeDe } from './types/index.ts'
import { alerteDuLieu, pointDe, type ValeurLieu } from './types/lieu.ts'
import type { Piece } from './types/piece.ts'

export interface LigneRecapitulatif {
  readonly champ: string
  readonly libelle: string
  /** For people; several lines are separated by `\n`. Empty when nothing was answered. */
  readonly valeur: string
  readonly etape: string
  readonly rowId?: string
  /** The files, for a field of type `piece`. */
  readonly pieces?: readonly Piece[]
  /** Where it is, for a field of type `lieu` whose coordinates are known (degrees), and what to say of it. */
  readonly lieu?: { readonly lat: number; readonly lon: number; readonly alerte: string | null }
  /** Computed from other answers: nothing to change there. */
  readonly estCalculee?: true
}

/** One étape, or one row of a repeated étape. */
export interface SectionRecapitulatif {
  readonly etape: string
  readonly rowId?: string
  readonly titre: string
  readonly lignes: readonly LigneRecapitulatif[]
}

/** What was answered, as people read it: one section an étape (a row, when it repeats), hidden fields and texts left out. */
export function recapitulatif(formulaire: Formulaire, reponses: Reponses, env: Env): SectionRecapitulatif[] {
  return parcours(formulaire, reponses, env).flatMap(({ etape, champs, lignes }) => {
    if (!etape.repetition) return [{ etape: etape.id, titre: etape.titre, lignes: champs.flatMap(line(etape.id)) }]
    if (lignes.length === 0) return [{ etape: etape.id, titre: etape.titre, lignes: [] }]
    return lignes.map(row => ({
      etape: etape.id,
      rowId: row.id,
      titre: row.titre,
      lignes: row.champs.flatMap(line(etape.id, row.id)),
    }))
  })
}

const line =
  (etape: string, rowId?: string) =>
  ({ champ, valeur }: ChampVu): LigneRecapitulatif[] => {
    if (champ.type === 'explication' || champ.type === 'section' || (champ.type === 'calcul' && valeur === null)) return []
    const type = typeDe(champ)
    return [
      {
        champ: champ.id,
        libelle: champ.libelle,
        valeur: valeur === null ? '' : type.formater(champ, valeur),
        etape,
        ...(rowId === undefined ? {} : { rowId }),
        ...(champ.type === 'calcul' ? { estCalculee: true } : {}),
        ...(champ.type === 'lieu' && type.est(valeur) ? situer(valeur as ValeurLieu) : {}),
        ...(champ.type === 'piece' ? { pieces: type.est(valeur) ? (valeur as readonly Piece[]) : [] } : {}),
      },
    ]
  }

function situer(valeur: ValeurLieu): Pick<LigneRecapitulatif, 'lieu'> {
  const point = pointDe(valeur)
  return point ? { lieu: { ...point, alerte: alerteDuLieu(valeur) } } : {}
}
