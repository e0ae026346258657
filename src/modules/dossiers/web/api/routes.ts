import type { Route } from '../../../../platform/http/route.ts'
import { listerDemarches, servirDefinition } from './demarches.ts'
import { preparerLienPourUnProgramme } from './pre-remplissages.ts'

const commun = { scope: 'collectivite', access: { kind: 'public' }, format: 'json' } as const
const demarches = '/api/v1/demarches'

/** What other programs read and write, from server to server. docs/exploiter/api.md describes it. */
export const routesApi: readonly Route[] = [
  { ...commun, method: 'GET', path: demarches, cache: 'public', handle: listerDemarches },
  { ...commun, method: 'GET', path: `${demarches}/:demarche`, cache: 'public', handle: servirDefinition },
  {
    ...commun,
    method: 'POST',
    path: `${demarches}/:demarche/pre-remplissages`,
    body: 'json',
    perIp: 120,
    handle: preparerLienPourUnProgramme,
  },
]
