import { takeAttempt } from '../../../../platform/auth/attempts.ts'
import { inTenant } from '../../../../platform/db/open.ts'
import { type Answer, type Context, notFound, refused } from '../../../../platform/http/route.ts'
import { formulaireDesAgents, revisionDe, versFichier } from '../../../demarches/index.ts'
import { programmes } from '../../../dossiers/index.ts'
import { collectiviteDe } from '../../../territoire/index.ts'
import { authentifier } from '../../queries/jetons.ts'
import { JSON_TYPE, type Operation, operation, operationPublique, refuser } from './operation.ts'
import { definition, jetonLu, lienPrepare, listeDeDemarches } from './schemas.ts'

const publique = { scope: 'collectivite', access: { kind: 'public' }, format: 'json' } as const
const HOUR_MS = 3_600_000
/** Links that callers without a token prepare in an hour, all together: they cannot use up the part of partners, who have one each. */
const LIENS_ANONYMES = 200
const LIENS_PAR_JETON = 1000

/** Démarches, as anybody reads them and as a partner does; and answers prepared for somebody. */
export const demarches: readonly Operation[] = [
  operation({
    id: 'lireJeton',
    method: 'GET',
    path: '/api/v1/jeton',
    droit: null,
    titre: 'Ce que permet votre jeton',
    detail: 'Le premier appel à faire, pour vérifier que tout est en place.',
    statut: 200,
    reponse: jetonLu,
    faire: async ({ ctx, jeton }) => ({
      json: { nom: jeton.nom, droits: [...jeton.droits], demarches: jeton.demarches, collectivite: ctx.tenant.nom },
    }),
  }),
  operationPublique({
    id: 'listerDemarches',
    method: 'GET',
    path: '/api/v1/demarches',
    titre: 'Lister les démarches ouvertes',
    statut: 200,
    reponse: listeDeDemarches,
    route: { ...publique, cache: 'public', handle: programmes.listerDemarches },
  }),
  operationPublique({
    id: 'lireDemarche',
    method: 'GET',
    path: '/api/v1/demarches/:demarche',
    titre: 'Lire une démarche ouverte',
    detail: 'Ses questions, leurs identifiants et leurs types, selon /schemas/demarche.json.',
    statut: 200,
    reponse: definition,
    route: { ...publique, cache: 'public', handle: programmes.servirDefinition },
  }),
  operation({
    id: 'lireRevision',
    method: 'GET',
    path: '/api/v1/demarches/:demarche/revisions/:numero',
    droit: 'demarches.lire',
    titre: 'Lire une révision d’une démarche',
    detail:
      'Celle dans laquelle un dossier a été rempli, même si la démarche a changé ou a fermé. Avec le droit « annotations.lire », les questions réservées aux agents y sont.',
    statut: 200,
    reponse: definition,
    faire: async ({ ctx, jeton }) => {
      const { demarche = '', numero = '' } = ctx.params
      const isSeen = jeton.demarches === null || jeton.demarches.includes(demarche)
      if (!isSeen || !/^[a-z0-9-]{1,60}$/.test(demarche) || !/^[1-9]\d{0,5}$/.test(numero)) return refused(notFound)
      return inTenant(ctx.app.db, ctx.tenant.id, async tx => {
        const found = await revisionDe(tx, ctx.tenant.id, demarche, Number(numero))
        if (!found) return refused(notFound)
        const agents = jeton.droits.has('annotations.lire') ? await formulaireDesAgents(tx, found.empreinte) : undefined
        const modele = agents ? { ...found.modele, formulaire: agents } : found.modele
        return { bytes: versFichier(modele, ctx.app.origin), type: JSON_TYPE }
      })
    },
  }),
  operationPublique({
    id: 'preparerReponses',
    method: 'POST',
    path: '/api/v1/demarches/:demarche/pre-remplissages',
    titre: 'Préparer des réponses pour une personne',
    detail:
      'Donne un lien que la personne ouvre, vérifie et complète. Sans jeton, 200 liens par heure pour toute la collectivité ; avec un jeton qui a le droit « pre-remplissages.creer », 1 000 pour lui seul.',
    corps: programmes.schemaPreRemplissage,
    statut: 201,
    reponse: lienPrepare,
    route: { ...publique, body: 'json', perIp: 1200, handle: preparer },
  }),
]

/** A token given is checked, even though none is needed: who believes to use theirs is told when it is not. */
async function preparer(ctx: Context): Promise<Answer> {
  const { app, tenant, ip } = ctx
  const entete = ctx.header('authorization')
  const take = (key: string, max: number) => () => takeAttempt(app.db, key, max, HOUR_MS, app.clock.now())
  if (entete === undefined)
    return programmes.preparerLienPourUnProgramme(ctx, {
      acteur: 'api',
      voit: () => true,
      takePart: take(`pre-remplissage|${tenant.id}`, LIENS_ANONYMES),
    })
  const entre = await authentifier(app, collectiviteDe(ctx), { entete, ip, droit: 'pre-remplissages.creer' })
  if (!entre.ok) return refuser(entre.refusal)
  const { id, demarches: seen } = entre.value
  return programmes.preparerLienPourUnProgramme(ctx, {
    acteur: `api:${id}`,
    voit: demarche => seen === null || seen.includes(demarche),
    takePart: take(`pre-remplissage|${id}`, LIENS_PAR_JETON),
  })
}
