import { forgetAttempts } from '../../../../platform/auth/attempts.ts'
import { type Answer, type Context, refused } from '../../../../platform/http/route.ts'
import { newSecret } from '../../../../platform/ids.ts'
import type { Refusal } from '../../../../platform/refusal.ts'
import { pageAgent } from '../../../agents/index.ts'
import { appellation } from '../../../territoire/index.ts'
import { codeDonne, codeDuDossier, essaisDuCode, estCodeMontrable } from '../../code.ts'
import { situationDe } from '../../commands/advance.ts'
import type { Cas } from '../../commands/instruire.ts'
import { adresseAPrevenir, renouvelerLeCode } from '../../commands/renouveler-code.ts'
import { transition } from '../../dossier.ts'
import { evenementsDuDossier } from '../../queries/dossier.ts'
import { refusals } from '../../refusals.ts'
import { adresseDuDossier, agir, chemins, enErreur, lire } from './acces.ts'
import { FicheDuCode, RenouvellementDuCode } from './code.page.tsx'

/** GET …/code: what giving another code will do, and how the person was identified. */
export const montrerRenouvellement = (ctx: Context): Promise<Answer> => lire(ctx, cas => laPage(ctx, cas))

/** POST …/code. The code is neither in the address that follows nor in what the form's key keeps: the next page computes it. */
export async function renouveler(ctx: Context): Promise<Answer> {
  const verification = ctx.form.text('verification', 500)
  let reference: string | undefined
  const answer = await agir(
    ctx,
    'code',
    async cas => {
      const done = await renouvelerLeCode(cas, verification)
      if (done.ok) reference = cas.dossier.reference
      return done
    },
    refusal => lire(ctx, cas => laPage(ctx, cas, refusal)),
    { vers: () => `${adresseDuDossier(ctx)}/code/fiche` },
  )
  // Who tried ten times before asking the mairie does not wait a quarter of an hour more.
  if (reference) await forgetAttempts(ctx.app.db, essaisDuCode(ctx.tenant.id, reference))
  return answer
}

/** GET …/code/fiche: the code just given, to read out or to print, as long as `estCodeMontrable`. */
export const montrerFiche = (ctx: Context): Promise<Answer> =>
  lire(ctx, async cas => {
    const { app, tx, collectivite, dossier, modele } = cas
    const donne = codeDonne(dossier, await evenementsDuDossier(tx, collectivite.id, dossier.id))
    if (!estCodeMontrable(donne, ctx.agent.id, app.clock.now())) return refused(refusals.code_cache)
    const children = (
      <FicheDuCode
        commune={collectivite.nom}
        mairie={appellation(collectivite)}
        demarche={modele.titre}
        reference={dossier.reference}
        code={codeDuDossier(app.secrets, dossier)}
        suivi={`${collectivite.address}/suivi`}
        telephone={collectivite.reglage.telephone}
        retour={adresseDuDossier(ctx)}
      />
    )
    return pageAgent(ctx, { title: 'Nouveau code à remettre', chemin: chemins(ctx, dossier), children }, ctx.agent)
  })

async function laPage(ctx: Context, cas: Cas, refusal?: Refusal): Promise<Answer> {
  const { dossier, modele } = cas
  const href = adresseDuDossier(ctx)
  const saisie = refusal ? ctx.form.text('verification', 500) : ''
  const possible = transition(situationDe(dossier), { nature: 'renouveler_code', auteur: 'agent' }, modele.regime)
  if (!possible.ok) return refused(refusal ?? possible.refusal, refusal ? { verification: saisie } : undefined)
  const children = (
    <RenouvellementDuCode
      {...{ action: `${href}/code`, retour: href, jeton: ctx.token, cle: newSecret(), version: dossier.version, saisie }}
      personne={dossier.demandeur_nom || 'La personne'}
      reference={dossier.reference}
      previent={await adresseAPrevenir(cas)}
      erreurs={refusal ? [enErreur(refusal)] : []}
    />
  )
  const page = { title: 'Donner un nouveau code', hasErrors: refusal !== undefined, chemin: chemins(ctx, dossier), children }
  return pageAgent(ctx, page, ctx.agent, refusal?.status ?? 200)
}
