import { setTimeout as sleep } from 'node:timers/promises'
import type { App } from '../../../../platform/app.ts'
import { inTenant, type Tx } from '../../../../platform/db/open.ts'
import { filesOf, type ReceivedFile, receiveFile, recordFile } from '../../../../platform/files/index.ts'
import type { Form } from '../../../../platform/http/form.ts'
import { type Answer, type Context, notFound, refused } from '../../../../platform/http/route.ts'
import { ageOfId } from '../../../../platform/ids.ts'
import { enqueue } from '../../../../platform/jobs/jobs.ts'
import type { Modele } from '../../../demarches/index.ts'
import { avecTrouvailles, type Env, type Erreur, type Etape, type Reponses, setPieces } from '../../../formulaires/index.ts'
import { chercheurDe } from '../../../referentiels/index.ts'
import { collectiviteDe } from '../../../territoire/index.ts'
import type { Obstacle } from '../../commands/deposer.ts'

/** What came with a page of a form: its fields, the files received, and those refused on the way. */
export interface Envoi {
  readonly form: Form
  readonly files: readonly { readonly champ: string; readonly received: ReceivedFile }[]
  readonly erreurs: readonly Erreur[]
  /** What the registers gave for the answers that are looked up (a commune, a place …). */
  readonly trouvailles?: Env['trouvailles']
}

/** Reads a posted page: each file of a field of type `piece` of this étape goes encrypted to disk as it arrives. */
export async function lireEnvoi(ctx: Context, etape: Pick<Etape, 'champs'>): Promise<Envoi> {
  const files: { champ: string; received: ReceivedFile }[] = []
  const erreurs: Erreur[] = []
  const form = await ctx.readFiles(async (champ, name, stream) => {
    const wanted = etape.champs.find((one): one is ChampPiece => one.type === 'piece' && one.id === champ)
    if (!wanted) return
    const result = await receiveFile(ctx.app.files, stream, { collectiviteId: ctx.tenant.id, name })
    if (result.ok) files.push({ champ, received: result.value })
    else erreurs.push({ champ, message: result.refusal.code === 'fichier_type' ? direPasAccepte(wanted, name) : result.refusal.sentence })
  })
  return { form, files, erreurs }
}

type ChampPiece = Extract<Etape['champs'][number], { type: 'piece' }>

const sortesDe = (champ: ChampPiece) => champ.sortes ?? (['pdf', 'image'] as const)

// What the question takes, not all that the platform does.
function direPasAccepte(champ: ChampPiece, name: string): string {
  const sortes = sortesDe(champ)
  const wanted = sortes.length > 1 ? 'un PDF ou une photo' : sortes[0] === 'pdf' ? 'un PDF' : 'une photo'
  return `« ${name} » n’est pas accepté ici : envoyez ${wanted}.`
}

/** What is wrong with a page: its documents, then what was typed; a document refused is not also said to be missing. */
export const reunir = (documents: readonly Erreur[], typed: readonly Erreur[]): Erreur[] => [
  ...documents,
  ...typed.filter(({ champ }) => !documents.some(one => one.champ === champ)),
]

/** Looks up what was typed, before anything is written: in the registers, the commune's own files, or a service elsewhere with its time limit. */
export async function chercherReponses(
  ctx: Context,
  vue: { readonly modele: Modele; readonly reponses: Reponses; readonly env: Env },
  etape: Etape,
  rowId: string | undefined,
  envoi: Envoi,
): Promise<Envoi> {
  const chercheur = chercheurDe(ctx.app, collectiviteDe(ctx))
  const found = await avecTrouvailles(vue.modele.formulaire, etape.id, envoi.form.fields, vue.reponses, vue.env, chercheur, rowId)
  return found.trouvailles ? { ...envoi, trouvailles: found.trouvailles } : envoi
}

/** The facts in which what was sent is read: with what was found for it. */
export const envAvec = (env: Env, { trouvailles }: Envoi): Env => (trouvailles ? { ...env, trouvailles } : env)

/**
 * Puts received files into the answers, in the caller's transaction, with the job that verifies each. A file already there (same bytes,
 * sent again after a cut) is not added twice. Gives the ids added, and an error for a field that has too many.
 */
export async function joindre(
  app: App,
  tx: Tx,
  collectiviteId: string,
  modele: Modele,
  reponses: Reponses,
  etape: Etape,
  rowId: string | undefined,
  envoi: Envoi,
): Promise<{ reponses: Reponses; added: string[]; erreurs: Erreur[] }> {
  let current = reponses
  const added: string[] = []
  const erreurs: Erreur[] = [...envoi.erreurs]
  for (const champ of etape.champs) {
    if (champ.type !== 'piece') continue
    const values = rowId === undefined ? current.champs : current.lignes[etape.id]?.find(l => l.id === rowId)?.champs
    const present = (values?.[champ.id] ?? []) as { id: string; nom: string; tailleOctets: number }[]
    const pieces = [...present]
    for (const { received } of envoi.files.filter(file => file.champ === champ.id)) {
      if (!sortesDe(champ).some(sorte => (sorte === 'pdf' ? received.type === 'application/pdf' : received.type.startsWith('image/')))) {
        erreurs.push({ champ: champ.id, message: direPasAccepte(champ, received.name) })
        continue
      }
      if (pieces.some(piece => piece.nom === received.name && piece.tailleOctets === received.sizeBytes)) continue
      if (pieces.length >= (champ.nombreMax ?? 1)) {
        erreurs.push({
          champ: champ.id,
          message: `${champ.nombreMax ?? 1} document${(champ.nombreMax ?? 1) > 1 ? 's' : ''} au maximum : retirez-en un avant d’ajouter « ${received.name} ».`,
        })
        continue
      }
      const id = await recordFile(app.files, tx, received)
      await enqueue(tx, 'verifier-fichier', { collectiviteId, fichierId: id }, { jobKey: `verifier|${id}` })
      pieces.push({ id, nom: received.name, tailleOctets: received.sizeBytes })
      added.push(id)
    }
    if (pieces.length > present.length) current = setPieces(modele.formulaire, current, champ.id, pieces, rowId)
  }
  return { reponses: current, added, erreurs }
}

// Later, the worker is busy or away: a page that waited each time would only be slow.
const RECENT_MS = 10_000

/** Among what prevents filing, the documents just received: their check is about to end. */
export const fichiersAttendus = (obstacles: readonly Obstacle[]): string[] =>
  obstacles.flatMap(({ fichier }) => (fichier && ageOfId(fichier) < RECENT_MS ? [fichier] : []))

// A check takes a fraction of a second. When the worker is busy or away, the page answers and says that the check goes on.
const PATIENCE_MS = 1500

/** A page that is not shown yet: documents just received are to be waited for. */
export interface Attente {
  readonly attendus: readonly string[]
}

/** What `lire` shows, which may ask once that documents be waited for before it reads again. */
export async function apresVerification(
  ctx: Context,
  lire: (isPatient: boolean) => Promise<Answer | Attente | undefined>,
): Promise<Answer> {
  let seen = await lire(true)
  if (seen && 'attendus' in seen) {
    await attendreVerification(ctx.app, ctx.tenant.id, seen.attendus)
    seen = await lire(false)
  }
  return seen && !('attendus' in seen) ? seen : refused(notFound)
}

/** Waits a little for files to be verified, so that the person is told at once of one that cannot be read. True when one was refused. */
export async function attendreVerification(app: App, collectiviteId: string, ids: readonly string[]): Promise<boolean> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const files = await inTenant(app.db, collectiviteId, tx => filesOf(tx, collectiviteId, ids))
    if (files.some(file => file.state === 'refuse')) return true
    if (!files.some(file => file.state === 'recu') || performance.now() > deadline) return false
    await sleep(80)
  }
}
