import { sql } from 'kysely'
import { forgetAttempts, takeAttempt } from '../../../../platform/auth/attempts.ts'
import { inScope } from '../../../../platform/db/open.ts'
import { openFile } from '../../../../platform/files/index.ts'
import { once } from '../../../../platform/http/once.ts'
import { type Answer, type Context, notFound, page, type Route, redirect, refused } from '../../../../platform/http/route.ts'
import { isUuid, normaliseSpokenCode } from '../../../../platform/ids.ts'
import { ok, type Refusal, refuse } from '../../../../platform/refusal.ts'
import { Button, ErrorSummary, Form, TextInput } from '../../../../ui/index.ts'
import { demarche, modelePublie } from '../../../demarches/index.ts'
import { parcours } from '../../../formulaires/index.ts'
import { appellation, collectiviteDe, pageDe } from '../../../territoire/index.ts'
import { essaisDuCode, estLeCode } from '../../code.ts'
import { envDuDossier } from '../../commands/deposer.ts'
import { ecrire, marquerLus } from '../../commands/instruire.ts'
import { fermerLesAcces } from '../../commands/renouveler-code.ts'
import { piecesDe } from '../../pieces.ts'
import { avisDuDossier } from '../../queries/avis-externe.ts'
import {
  correctionsDuDossier,
  documentsDuDossier,
  dossierParReference,
  evenementsDuDossier,
  messagesDuDossier,
} from '../../queries/dossier.ts'
import { lecturesDuDossier } from '../../queries/lectures.ts'
import { refusals } from '../../refusals.ts'
import { FICHIERS_PAR_MESSAGE, garderFichiers, recevoir } from '../fichiers-joints.ts'
import { avecDossier, donnerAcces, garder, type Ouvert, ouvrirPour } from './acces.ts'
import { pageDossier } from './dossier.page.tsx'
import { type QuestionDAvis, questionDAvis } from './question-d-avis.ts'

const QUARTER_MS = 15 * 60_000

/** GET: reference and code, to open a dossier or a draft without any account. */
async function demander(ctx: Context): Promise<Answer> {
  return page(await pageSuivi(ctx, ctx.query.line('reference', 20), ctx.query.line('code', 20)))
}

function pageSuivi(ctx: Context, reference: string, code: string, refusal?: Refusal): Promise<string> {
  const collectivite = collectiviteDe(ctx)
  return pageDe(ctx.app, collectivite, {
    title: 'Suivre ou reprendre une demande',
    hasErrors: refusal !== undefined,
    enhanced: true,
    chemin: [{ texte: collectivite.nom, href: collectivite.base || '/' }],
    children: (
      <>
        {refusal && <ErrorSummary errors={[{ champ: 'reference', message: refusal.sentence }]} />}
        <p>La référence et le code personnel sont dans l’accusé de réception, ou dans le message reçu après l’envoi.</p>
        <Form action={`${collectivite.base}/suivi`} jeton={ctx.token} natif obligatoires>
          <TextInput
            name="reference"
            label="Référence"
            hint="Huit lettres ou chiffres, par exemple K7M4-P9QX"
            value={reference}
            width={12}
            spellcheck={false}
            error={refusal?.sentence}
          />
          <TextInput
            name="code"
            label="Code personnel"
            hint="Huit lettres ou chiffres"
            value={code}
            width={12}
            spellcheck={false}
            autocomplete="off"
          />
          <Button>Ouvrir</Button>
        </Form>
        <p>{`Vous avez perdu ces codes ? Appelez ${appellation(collectivite)}${collectivite.reglage.telephone ? ` au ${collectivite.reglage.telephone}` : ''} : un agent peut retrouver votre demande, et vous donner un nouveau code.`}</p>
      </>
    ),
  })
}

/** POST: opens the dossier to this session when the code is right; ten attempts a quarter of an hour for a reference. */
async function ouvrir(ctx: Context): Promise<Answer> {
  const { app, tenant, form } = ctx
  const typed = form.line('reference', 20)
  const code = form.line('code', 20)
  const reference = normaliseSpokenCode(typed)
  const key = essaisDuCode(tenant.id, reference)
  if (!(await takeAttempt(app.db, key, 10, QUARTER_MS, app.clock.now())))
    return page(await pageSuivi(ctx, typed, code, refusals.trop_essais), 429)
  const visitor = await ctx.visitor('usager')
  const opened = await inScope(app.db, { collectiviteId: tenant.id, personneId: visitor?.personneId ?? undefined }, async tx => {
    const dossier = reference ? await dossierParReference(tx, tenant.id, reference) : undefined
    if (!dossier || !estLeCode(app.secrets, dossier, code)) return undefined
    const modele = await modelePublie(tx, dossier.definition)
    const { cookies } = await donnerAcces(ctx, tx, visitor, dossier.id)
    const env = envDuDossier(app, collectiviteDe(ctx), modele)
    const first = parcours(modele.formulaire, dossier.reponses, env)[0]?.etape.id
    const hasAnswers = Object.keys(dossier.reponses.champs).length > 0
    const draft = `${tenant.base}/brouillons/${dossier.id}/${hasAnswers ? 'verification' : `etapes/${first}`}`
    return { to: dossier.etat === 'brouillon' ? draft : `${tenant.base}/dossiers/${dossier.id}`, cookies }
  })
  if (!opened) return page(await pageSuivi(ctx, typed, code, refusals.code_inconnu), 422)
  await forgetAttempts(app.db, key)
  return redirect(opened.to, opened.cookies)
}

async function vueDe(_ctx: Context, ouvert: Ouvert) {
  const { tx, collectivite, dossier, visitor } = ouvert
  const kept =
    await sql`select 1 from dossier_usager where collectivite_id = ${collectivite.id} and usager_id = ${visitor.personneId} and dossier_id = ${dossier.id}`.execute(
      tx,
    )
  const corrections = await correctionsDuDossier(tx, collectivite.id, dossier.id)
  const evenements = await evenementsDuDossier(tx, collectivite.id, dossier.id)
  return {
    evenements,
    lectures: await lecturesDuDossier(tx, collectivite.id, dossier.id, 20),
    identiteEffaceeLe: evenements.findLast(({ nature }) => nature === 'effacer_identite')?.le,
    correction: corrections.find(c => c.repondue_le === null),
    messages: await messagesDuDossier(tx, collectivite.id, dossier.id),
    documents: await documentsDuDossier(tx, collectivite.id, dossier.id),
    avisRendus: (await avisDuDossier(tx, collectivite.id, dossier.id)).filter(a => a.rendue_le && !a.est_confidentielle && !a.retiree_le),
    estGarde: kept.rows.length > 0,
    avis: await questionDAvis(ouvert, 'decision'),
    refaire: (await demarche(tx, collectivite.id, dossier.demarche_id))?.estOuverte,
  }
}

/** The follow-up page; with the question about the answer as it was refused, when it was. */
export const pageSuiviDuDossier = async (ctx: Context, ouvert: Ouvert, avis?: QuestionDAvis): Promise<string> => {
  const vue = await vueDe(ctx, ouvert)
  return pageDossier(ctx, ouvert, avis ? { ...vue, avis } : vue)
}

/** GET: where the dossier is. Reading marks the mairie's messages as read. */
async function voir(ctx: Context): Promise<Answer> {
  const answer = await avecDossier(ctx, 'lire', async ouvert => {
    if (ouvert.dossier.etat === 'brouillon') return redirect(`${ouvert.collectivite.base}/brouillons/${ouvert.dossier.id}/verification`)
    const html = await pageSuiviDuDossier(ctx, ouvert)
    await marquerLus(ouvert.tx, ctx.app.clock.now(), ouvert.collectivite.id, ouvert.dossier.id, 'usager')
    return page(html)
  })
  return answer ?? refused(notFound)
}

/** POST: writes to the mairie. */
async function envoyerMessage(ctx: Context): Promise<Answer> {
  const visitor = await ctx.visitor('usager')
  if (!visitor) return refused(notFound)
  const { form, files, erreurs, empreinte } = await recevoir(ctx, 'fichiers', FICHIERS_PAR_MESSAGE)
  const texte = form.text('texte', 4000)
  const remontrer = async (message: string, champ: 'texte' | 'fichiers') => {
    const shown = await avecDossier(ctx, 'lire', async ouvert =>
      page(await pageDossier(ctx, ouvert, { ...(await vueDe(ctx, ouvert)), erreurMessage: { texte, message, champ } }), 422),
    )
    return shown ?? refused(notFound)
  }
  if (erreurs[0]) return remontrer(erreurs[0].message, 'fichiers')
  return once(
    ctx,
    form.secret('_cle', 80),
    { texte, empreinte },
    async tx => {
      const ouvert = await ouvrirPour(ctx, tx, visitor, 'changer')
      if (!ouvert) return refuse(notFound)
      const done = await ecrire({ app: ctx.app, ...ouvert }, texte, await garderFichiers(ctx.app, tx, files))
      return done.ok ? ok({ to: `${ouvert.collectivite.base}/dossiers/${ouvert.dossier.id}#messages` }) : done
    },
    {
      personneId: visitor.personneId ?? undefined,
      onRefusal: async refusal => {
        return refusal.field === 'texte' ? remontrer(refusal.sentence, 'texte') : refused(refusal, { texte })
      },
    },
  )
}

/** POST: a new code; the old one opens nothing any more, nor do the sessions that it had opened, but this one. */
async function changerCode(ctx: Context): Promise<Answer> {
  const answer = await avecDossier(ctx, 'changer', async ({ tx, collectivite, dossier, visitor }) => {
    await sql`update dossier set code_version = code_version + 1 where collectivite_id = ${collectivite.id} and id = ${dossier.id}`.execute(
      tx,
    )
    await fermerLesAcces(tx, collectivite.id, dossier.id, visitor.sessionHash)
    return redirect(`${collectivite.base}/dossiers/${dossier.id}`)
  })
  return answer ?? refused(notFound)
}

/** POST: keeps the dossier in « mes dossiers » of the person signed in. */
async function garderDossier(ctx: Context): Promise<Answer> {
  const answer = await avecDossier(ctx, 'lire', async ({ tx, collectivite, dossier, visitor }) => {
    if (visitor.personneId) await garder(ctx, tx, visitor.personneId, dossier.id)
    return redirect(`${collectivite.base}/dossiers/${dossier.id}`)
  })
  return answer ?? refused(notFound)
}

/** GET: a document joined, as long as it is in the answers of this dossier. */
async function lirePiece(ctx: Context): Promise<Answer> {
  const answer = await avecDossier(ctx, 'lire', async ({ tx, collectivite, dossier, modele }) => {
    const id = ctx.params.fichier ?? ''
    const sent = (await messagesDuDossier(tx, collectivite.id, dossier.id)).flatMap(({ pieces }) => pieces)
    const joined = [...piecesDe(modele.formulaire, dossier.reponses).map(({ piece }) => piece), ...sent]
    if (!joined.some(piece => piece.id === id)) return refused(notFound)
    const file = await openFile(ctx.app.files, tx, { collectiviteId: collectivite.id, fichierId: id })
    return file.ok ? { file: file.value } : refused(file.refusal)
  })
  return answer ?? refused(notFound)
}

/** GET: a document issued. */
async function lireDocument(ctx: Context): Promise<Answer> {
  const answer = await avecDossier(ctx, 'lire', async ({ tx, collectivite, dossier }) => {
    const id = ctx.params.document
    const document = isUuid(id) ? (await documentsDuDossier(tx, collectivite.id, dossier.id)).find(d => d.id === id) : undefined
    if (!document) return refused(notFound)
    const file = await openFile(ctx.app.files, tx, { collectiviteId: collectivite.id, fichierId: document.fichier_id })
    return file.ok ? { file: file.value } : refused(file.refusal)
  })
  return answer ?? refused(notFound)
}

const usager = { kind: 'usager' } as const
const scope = 'collectivite' as const

/** Following a dossier, without any account. */
export const routesSuivi: readonly Route[] = [
  { method: 'GET', path: '/suivi', scope, access: { kind: 'public' }, handle: demander },
  { method: 'POST', path: '/suivi', scope, access: { kind: 'public' }, perIp: 120, handle: ouvrir },
  { method: 'GET', path: '/dossiers/:id', scope, access: usager, handle: voir },
  { method: 'POST', path: '/dossiers/:id/messages', scope, access: usager, body: 'files', handle: envoyerMessage },
  { method: 'POST', path: '/dossiers/:id/code', scope, access: usager, handle: changerCode },
  { method: 'POST', path: '/dossiers/:id/garder', scope, access: usager, handle: garderDossier },
  { method: 'GET', path: '/dossiers/:id/pieces/:fichier', scope, access: usager, handle: lirePiece },
  { method: 'GET', path: '/dossiers/:id/documents/:document', scope, access: usager, handle: lireDocument },
]
