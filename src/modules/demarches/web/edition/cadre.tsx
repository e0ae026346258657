import type { VNode } from 'preact'
import { civilDay } from '../../../../platform/clock.ts'
import type { Tx } from '../../../../platform/db/open.ts'
import type { Answer, Context } from '../../../../platform/http/route.ts'
import { newSecret } from '../../../../platform/ids.ts'
import type { Refusal } from '../../../../platform/refusal.ts'
import { Button, type Contenu, ErrorSummary, Form, type Lien, Notice } from '../../../../ui/index.ts'
import { nomsDesAgents, pageAgent } from '../../../agents/index.ts'
import { collectiviteDe, fuseau } from '../../../territoire/index.ts'
import { editionsDe } from '../../queries/copie.ts'
import { refusals } from '../../refusals.ts'
import { cheminDe } from '../acces.ts'
import { adresseDeLEdition, type Chantier } from './chantier.ts'
import { direEdition } from './histoire.ts'

/** What was just done, and what others did meanwhile. */
export interface Fait {
  readonly phrase: string
  /** The rank to undo; none when nothing changed. */
  readonly rang: number | undefined
  readonly autres: readonly string[]
}

/** What every form of the editor sends. */
export interface Envoi {
  readonly rang: number
  /** The revision published when the page was read: ranks are counted again after each publication. */
  readonly revision: number
  readonly jeton: string
  readonly cle: () => string
}

/**
 * What the forms of a page send. A page shown again after a refusal keeps the rank that was read: what others changed meanwhile must still meet
 * what was typed. Not when that rank is gone, or nothing could ever be sent again.
 */
export function envoiDe(ctx: Context, { rang, offre: { revision } }: Chantier, refusal?: Refusal): Envoi {
  const isAgain = refusal !== undefined && refusal.code !== refusals.copie_absente.code && ctx.form.has('rang')
  return { rang: isAgain ? ctx.form.number('rang', rang, 0, rang) : rang, revision, jeton: ctx.token, cle: newSecret }
}

/** Today, in the place of the collectivité. */
export const aujourdhuiDe = (ctx: Context): string => civilDay(ctx.app.clock.now(), fuseau(collectiviteDe(ctx)))

/** A form on the working copy: with the rank that was read. */
export function Formulaire({
  action,
  envoi,
  label,
  children,
}: {
  action: string
  envoi: Envoi
  label?: string | undefined
  children: Contenu
}): VNode {
  return (
    <Form action={action} jeton={envoi.jeton} cle={envoi.cle()} label={label}>
      <input type="hidden" name="rang" value={envoi.rang} />
      <input type="hidden" name="revision" value={envoi.revision} />
      {children}
    </Form>
  )
}

/** A page of the editor, with what was just done, or what prevents doing it. */
export async function pageDEdition(
  ctx: Context,
  tx: Tx,
  chantier: Chantier,
  props: { title: string; children: Contenu; chemin?: readonly Lien[]; refusal?: Refusal | undefined; wide?: boolean },
): Promise<Answer> {
  const { refusal, chemin, children, ...page } = props
  const fait = refusal ? undefined : await faitDe(ctx, tx, chantier)
  return pageAgent(
    ctx,
    {
      ...page,
      hasErrors: refusal !== undefined,
      chemin: chemin ?? [...cheminDe(ctx, chantier.offre), { texte: 'Modifier', href: adresseDeLEdition(ctx) }],
      children: (
        <>
          {refusal && <ErrorSummary errors={[{ champ: refusal.field ?? '', message: refusal.sentence }]} />}
          {fait && <CeQuiEstFait fait={fait} action={`${adresseDeLEdition(ctx)}/annulation`} envoi={envoiDe(ctx, chantier)} />}
          {children}
        </>
      ),
    },
    ctx.agent,
    refusal?.status ?? 200,
  )
}

async function faitDe(ctx: Context, tx: Tx, { offre, rang }: Chantier): Promise<Fait | undefined> {
  const asked = ctx.query.line('fait', 10)
  if (asked === 'essai') return { phrase: 'Essai terminé : tout est effacé, aucun dossier n’est déposé.', rang: undefined, autres: [] }
  if (asked === 'rien') return { phrase: 'Rien n’a changé.', rang: undefined, autres: [] }
  if (!/^\d{1,7}$/.test(asked) || Number(asked) > rang) return undefined
  const depuis = ctx.query.number('depuis', Number(asked) - 1, 0, 10_000_000)
  const editions = await editionsDe(tx, ctx.tenant.id, offre.id, Math.min(depuis, Number(asked) - 1))
  const mine = editions.find(edition => edition.rang === Number(asked))
  if (!mine) return undefined
  const others = editions.filter(edition => edition.rang < mine.rang && edition.auteurId !== ctx.agent.id).slice(0, 10)
  const noms = await nomsDesAgents(
    tx,
    others.flatMap(({ auteurId }) => auteurId ?? []),
  )
  return {
    phrase: direEdition(mine, editions),
    rang: mine.rang,
    autres: others.map(one => `${(one.auteurId && noms.get(one.auteurId)) || 'Un agent'} : ${one.phrase}`),
  }
}

function CeQuiEstFait({ fait, action, envoi }: { fait: Fait; action: string; envoi: Envoi }): VNode {
  return (
    <>
      <Notice tone="succes" live>
        <p>{fait.phrase}</p>
        {fait.rang !== undefined && (
          <Formulaire action={action} envoi={envoi} label="Annuler ce qui vient d’être fait">
            <Button tone="quiet" name="cible" value={String(fait.rang)}>
              Annuler
            </Button>
          </Formulaire>
        )}
      </Notice>
      {fait.autres.length > 0 && (
        <Notice title="Pendant ce temps, quelqu’un d’autre a aussi changé la démarche. Les deux sont gardés.">
          <ul>
            {fait.autres.map(phrase => (
              <li key={phrase}>{phrase}</li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  )
}
