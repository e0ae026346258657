import type { Route } from '../../../platform/http/route.ts'
import { actif } from './actifs.ts'
import {
  accessibilite,
  aide,
  composants,
  donneesPersonnelles,
  mentionsLegales,
  robots,
  typeDeQuestion,
  typesDeQuestions,
} from './informations.tsx'
import { demarcheDePlace, demarchesDePlace, enPlace, place } from './place.tsx'
import { accueilTerritoire, rechercheDeCommune } from './territoire.tsx'

const lecture = { method: 'GET', access: { kind: 'public' } } as const
const territoire = { ...lecture, scope: 'territoire', cache: 'public' } as const
const collectivite = { ...lecture, scope: 'collectivite', cache: 'public' } as const

// Searches are not kept in memory: whoever types chooses their addresses.
export const routes: readonly Route[] = [
  { ...territoire, path: '/', handle: accueilTerritoire },
  { ...lecture, scope: 'territoire', path: '/recherche', handle: rechercheDeCommune },
  { ...territoire, path: '/aide', handle: ctx => aide(ctx, undefined) },
  { ...territoire, path: '/accessibilite', handle: ctx => accessibilite(ctx, undefined) },
  { ...territoire, path: '/mentions-legales', handle: ctx => mentionsLegales(ctx, undefined) },
  { ...territoire, path: '/donnees-personnelles', handle: ctx => donneesPersonnelles(ctx, undefined) },
  { ...territoire, path: '/composants', handle: composants },
  { ...territoire, path: '/composants/questions', handle: typesDeQuestions },
  { ...territoire, path: '/composants/questions/:type', handle: typeDeQuestion },
  { ...lecture, scope: 'territoire', path: '/actifs/:fichier', handle: actif },
  { ...lecture, scope: 'territoire', path: '/robots.txt', handle: robots },

  { ...collectivite, path: '/', handle: place },
  { ...lecture, scope: 'collectivite', path: '/demarches', handle: demarchesDePlace },
  { ...collectivite, path: '/demarches/:demarche', handle: demarcheDePlace },
  { ...collectivite, path: '/aide', handle: ctx => enPlace(ctx, aide) },
  { ...collectivite, path: '/accessibilite', handle: ctx => enPlace(ctx, accessibilite) },
  { ...collectivite, path: '/mentions-legales', handle: ctx => enPlace(ctx, mentionsLegales) },
  { ...collectivite, path: '/donnees-personnelles', handle: ctx => enPlace(ctx, donneesPersonnelles) },
  // A collectivité with its own host is asked for its own.
  { ...lecture, scope: 'collectivite', path: '/robots.txt', handle: robots },
]
