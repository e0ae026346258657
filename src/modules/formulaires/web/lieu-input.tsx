import type { VNode } from 'preact'
import type { Erreur } from '../accept-etape.ts'
import { one, type Saisie } from '../saisie.ts'
import { estSurTerre, lireCoordonnees, type Point } from '../types/coordonnees.ts'
import { type ChampDe, typeDe, type Valeur } from '../types/index.ts'
import { alerteDuLieu, pointDe, type ValeurLieu } from '../types/lieu.ts'
import type { Field } from './field.ts'
import { PlanDuPoint } from './plan-du-point.tsx'
import { RechercheInput } from './recherche-input.tsx'

interface LieuInputProps {
  champ: ChampDe<'lieu'>
  field: Field
  saisie: Saisie
  erreurs: readonly Erreur[]
  /** The stored answer. */
  valeur: Valeur | null
  recherche: string | undefined
}

/**
 * A place: one box for words and coordinates, and a plan once the coordinates are known. The enhancement script adds « Choisir sur une carte », which
 * writes in the box, no more.
 */
export function LieuInput({ champ, field, saisie, erreurs, valeur, recherche }: LieuInputProps): VNode {
  const place = situer(champ, saisie, valeur)
  return (
    <>
      <RechercheInput champ={champ} field={field} saisie={saisie} erreurs={erreurs} recherche={recherche} />
      {recherche && (
        <div
          class="carte-du-champ"
          data-module="carte"
          data-champ={field.name}
          data-recherche={recherche}
          data-lat={place?.point.lat}
          data-lon={place?.point.lon}
        >
          {place && <PlanDuPoint {...place} recherche={recherche} />}
        </div>
      )}
    </>
  )
}

/** Where the answer in the box is: the coordinates typed, else those stored for the same words. */
function situer(
  champ: ChampDe<'lieu'>,
  saisie: Saisie,
  valeur: Valeur | null,
): { point: Point; mots: string; alerte: string | null } | undefined {
  const typed = one(saisie, champ.id)
  const type = typeDe(champ)
  const known = type.est(valeur) && one(type.saisir(champ, valeur), champ.id) === typed ? (valeur as ValeurLieu) : undefined
  const point = known && pointDe(known)
  if (point) return { point, mots: known.libelle, alerte: alerteDuLieu(known) }
  const given = lireCoordonnees(typed)
  return given && estSurTerre(given.point) ? { point: given.point, mots: given.mots, alerte: null } : undefined
}
