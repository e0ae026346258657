import type { VNode } from 'preact'
import { inTenant } from '../../../../platform/db/open.ts'
import type { Answer, Context } from '../../../../platform/http/route.ts'
import { newSecret } from '../../../../platform/ids.ts'
import { Actions, Button, Form, Notice, Radios } from '../../../../ui/index.ts'
import { nomsDesAgents, pageAgent } from '../../../agents/index.ts'
import { phraseDeConflit } from '../../edition/index.ts'
import { adresseDeLaDemarche } from '../acces.ts'
import { boiteDuConflit, type Desaccord } from './chantier.ts'

interface ConflitVu {
  readonly boite: string
  readonly sujet: string
  readonly leurs: string
  readonly miennes: string
}

interface ConflitProps {
  readonly action: string
  readonly retour: string
  readonly jeton: string
  readonly cle: string
  /** What was typed, sent again with the choice. */
  readonly champs: readonly (readonly [name: string, value: string])[]
  readonly conflits: readonly ConflitVu[]
  readonly autres: readonly string[]
}

/** 409: two agents changed the same thing. Nothing is written until one of them chooses; what was typed goes along. */
export async function montrerConflit(ctx: Context, { conflits, fusion, autres }: Desaccord): Promise<Answer> {
  const ids = autres.flatMap(({ auteurId }) => auteurId ?? [])
  const noms = await inTenant(ctx.app.db, ctx.tenant.id, tx => nomsDesAgents(tx, ids))
  const kept = Object.entries(ctx.form.fields).filter(([name]) => !/^_(?:jeton|cle)$|^K-/.test(name))
  return pageAgent(
    ctx,
    {
      title: 'Changé par quelqu’un d’autre',
      chemin: [
        { texte: 'Démarche', href: adresseDeLaDemarche(ctx) },
        { texte: 'Modifier', href: `${adresseDeLaDemarche(ctx)}/edition` },
      ],
      children: (
        <PageDeConflit
          action={ctx.path}
          retour={`${adresseDeLaDemarche(ctx)}/edition`}
          jeton={ctx.token}
          cle={newSecret()}
          champs={kept.flatMap(([name, value]) => (typeof value === 'string' ? [value] : value).map(one => [name, one] as const))}
          conflits={conflits.slice(0, 60).map(conflit => ({ boite: boiteDuConflit(conflit.cle), ...phraseDeConflit(conflit, fusion) }))}
          autres={autres.slice(0, 10).map(({ auteurId, phrase }) => `${(auteurId && noms.get(auteurId)) || 'Un agent'} : ${phrase}`)}
        />
      ),
    },
    ctx.agent,
    409,
  )
}

function PageDeConflit({ action, retour, jeton, cle, champs, conflits, autres }: ConflitProps): VNode {
  return (
    <>
      <Notice tone="attention" title="La même chose a été changée pendant que vous écriviez" live>
        <p>Rien n’est choisi à votre place, et ce que vous avez écrit est gardé.</p>
        {autres.length > 0 && (
          <ul>
            {autres.map(phrase => (
              <li key={phrase}>{phrase}</li>
            ))}
          </ul>
        )}
      </Notice>
      <Form action={action} jeton={jeton} cle={cle}>
        {champs.map(([name, value], rank) => (
          <input key={`${rank}`} type="hidden" name={name} value={value} />
        ))}
        {conflits.map(({ boite: key, sujet, leurs, miennes }) => (
          <Radios
            key={key}
            name={key}
            label={sujet}
            options={[
              { value: 'miennes', label: 'Garder mon changement', hint: miennes },
              { value: 'leurs', label: 'Garder celui de l’autre personne', hint: leurs },
            ]}
          />
        ))}
        <Actions>
          <Button>Enregistrer ce choix</Button>
          <a href={retour}>Renoncer à mon changement</a>
        </Actions>
      </Form>
    </>
  )
}
