import type { Access, Route } from '../../../../platform/http/route.ts'
import { ajouter, montrerAjout } from './ajout.tsx'
import { montrerApercu } from './apercu.tsx'
import { changerLeChamp, montrerApercuDuChamp, montrerChamp } from './champ.tsx'
import { changerLEtape, montrerEtape } from './etape.tsx'
import { confirmerSuppression, faireUnGeste } from './gestes.tsx'
import { annulerUnChangement, montrerHistorique } from './historique.tsx'
import { montrerPapier, papierPublic } from './papier.tsx'
import { montrerPlan } from './plan.tsx'
import { montrerPublication, publier } from './publication.tsx'
import { changerLesReglages, montrerReglages } from './reglages.tsx'
import { changerLaRegle, changerLeDemandeur, montrerRegle, montrerRegles } from './regles.tsx'
import { changerLesTextes, montrerTextes } from './textes.tsx'

const scope = 'collectivite'
const access: Access = { kind: 'agent', permission: 'reglages.modifier' }
const une = '/agent/demarches/:demarche'
const edition = `${une}/edition`
const lire = { method: 'GET', scope, access } as const
const faire = { method: 'POST', scope, access } as const

/** Every address of the editor of démarches, and the paper form. */
export const routesDEdition: readonly Route[] = [
  { ...lire, path: edition, handle: montrerPlan },
  { ...faire, path: `${edition}/gestes`, handle: faireUnGeste },
  { ...lire, path: `${edition}/suppression`, handle: confirmerSuppression },
  { ...lire, path: `${edition}/ajout`, handle: montrerAjout },
  { ...faire, path: `${edition}/ajout`, handle: ajouter },
  { ...lire, path: `${edition}/champs/:champ`, handle: montrerChamp },
  { ...faire, path: `${edition}/champs/:champ`, handle: changerLeChamp },
  { ...faire, path: `${edition}/champs/:champ/apercu`, handle: montrerApercuDuChamp },
  { ...lire, path: `${edition}/etapes/:etape`, handle: montrerEtape },
  { ...faire, path: `${edition}/etapes/:etape`, handle: changerLEtape },
  { ...lire, path: `${edition}/textes`, handle: montrerTextes },
  { ...faire, path: `${edition}/textes`, handle: changerLesTextes },
  { ...lire, path: `${edition}/reglages`, handle: montrerReglages },
  { ...faire, path: `${edition}/reglages`, handle: changerLesReglages },
  { ...lire, path: `${edition}/regles`, handle: montrerRegles },
  { ...faire, path: `${edition}/regles`, handle: changerLeDemandeur },
  { ...lire, path: `${edition}/regles/:regle`, handle: montrerRegle },
  { ...faire, path: `${edition}/regles/:regle`, handle: changerLaRegle },
  { ...lire, path: `${edition}/apercu`, handle: montrerApercu },
  { ...lire, path: `${edition}/papier`, handle: montrerPapier },
  { ...lire, path: `${edition}/historique`, handle: montrerHistorique },
  { ...faire, path: `${edition}/annulation`, handle: annulerUnChangement },
  { ...lire, path: `${une}/publication`, handle: montrerPublication },
  { ...faire, path: `${une}/publication`, handle: publier },
  { method: 'GET', scope, path: '/demarches/:demarche/papier', access: { kind: 'public' }, cache: 'public', handle: papierPublic },
]
