import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { inScope, isUniqueViolation, type Tx } from '../db/open.ts'
import { type Refusal, type Result, refusalTable } from '../refusal.ts'
import { type Answer, type Context, redirect, refused } from './route.ts'

/** What is refused about the key of a form. */
export const onceRefusals = refusalTable({
  cle_absente: [400, 'Ce formulaire est incomplet. Rechargez la page, puis envoyez-le de nouveau.'],
  cle_autre: [
    409,
    'Cette page a déjà servi à envoyer autre chose. Rechargez-la, puis recommencez : votre premier envoi est bien enregistré.',
  ],
})

/** Where to go after the act, and the cookies to set with it. */
export interface Done {
  readonly to: string
  readonly cookies?: Answer['cookies']
}

class Repeated extends Error {}
class Refused extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.code)
    this.refusal = refusal
  }
}

/**
 * Runs a mutation once for the form's key (`_cle`), in one transaction of the tenant with the answer given: a double click, a retry
 * or a lost answer have one effect and the same answer; the same key with another body is refused. A refusal writes nothing.
 * `body` is what distinguishes two sendings of the same page.
 */
export async function once(
  ctx: Context,
  key: string,
  body: unknown,
  work: (tx: Tx) => Promise<Result<Done>>,
  options: { personneId?: string | undefined; onRefusal?: (refusal: Refusal) => Answer | Promise<Answer> } = {},
): Promise<Answer> {
  if (!/^[\w-]{16,64}$/.test(key)) return refused(onceRefusals.cle_absente)
  const print = createHash('sha256').update(ctx.path).update('\n').update(JSON.stringify(body)).digest('base64url')
  const scope = { collectiviteId: ctx.tenant.id, personneId: options.personneId }
  try {
    return await inScope(ctx.app.db, scope, async tx => {
      const result = await work(tx)
      if (!result.ok) throw new Refused(result.refusal)
      await keep(tx, ctx, key, print, result.value.to)
      return redirect(result.value.to, result.value.cookies)
    })
  } catch (error) {
    if (!(error instanceof Refused) && !(error instanceof Repeated)) throw error
    // A sending that comes again is rare: it is recognised by its key once it has failed, so that the first one pays no reading for it.
    // A refusal may come from the twin of a double click, which did the work while this one waited for the same rows.
    const given = await inScope(ctx.app.db, scope, tx => answerGiven(tx, ctx, key, print))
    if (given) return given
    if (error instanceof Repeated) return refused(onceRefusals.cle_autre)
    return options.onRefusal ? options.onRefusal(error.refusal) : refused(error.refusal)
  }
}

async function answerGiven(tx: Tx, ctx: Context, key: string, print: string): Promise<Answer | undefined> {
  const { rows } = await sql<{ empreinte: string; emplacement: string }>`
    select empreinte, emplacement from cle_idempotence where collectivite_id = ${ctx.tenant.id} and cle = ${key}`.execute(tx)
  const given = rows[0]
  if (!given) return undefined
  return given.empreinte === print ? redirect(given.emplacement) : refused(onceRefusals.cle_autre)
}

// The same key committed by a request that ran beside this one: this one is undone, then answers as the first did.
async function keep(tx: Tx, ctx: Context, key: string, print: string, location: string): Promise<void> {
  try {
    await sql`insert into cle_idempotence (collectivite_id, cle, empreinte, emplacement, creee_le)
      values (${ctx.tenant.id}, ${key}, ${print}, ${location}, ${ctx.app.clock.now()})`.execute(tx)
  } catch (error) {
    if (isUniqueViolation(error, 'cle_idempotence_pkey')) throw new Repeated()
    throw error
  }
}
