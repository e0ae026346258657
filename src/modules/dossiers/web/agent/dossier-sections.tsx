import type { VNode } from 'preact'
import {
  Actions,
  Button,
  ButtonLink,
  Details,
  type FieldError,
  FileInput,
  Form,
  type Message,
  MessageThread,
  Notice,
  Textarea,
  Viewer,
  type ViewerProps,
} from '../../../../ui/index.ts'
import { FICHIERS_ADMIS } from '../fichiers-joints.ts'

/** What every form of the page of a dossier carries. */
export interface Envoi {
  readonly href: string
  readonly jeton: string
  readonly cle: string
  readonly version: number
}

export interface ActesProps extends Envoi {
  /** What this agent may do now: a link, or the button that takes the dossier. */
  readonly peutPrendre: boolean
  readonly actions: readonly { readonly texte: string; readonly href: string }[]
  readonly attente: string | undefined
  readonly suit: boolean
  /** Out of the lists: nothing may be done but to bring it back, by who may. */
  readonly corbeille: { readonly mots: string; readonly peutRestaurer: boolean } | undefined
  readonly peutCacher: boolean
}

/** What the agent may do with the dossier. */
export function Actes(props: ActesProps): VNode {
  const { href, jeton, cle, version, peutPrendre, actions, attente, suit, corbeille, peutCacher } = props
  if (corbeille)
    return (
      <Notice tone="attention" title="Dans la corbeille">
        <p>{corbeille.mots}</p>
        {corbeille.peutRestaurer && (
          <Form action={`${href}/restauration`} jeton={jeton} cle={`${cle}-r`}>
            <Button tone="secondary">Restaurer ce dossier</Button>
          </Form>
        )}
      </Notice>
    )
  const liens = actions.map(action => (
    <ButtonLink key={action.href} href={action.href} tone="secondary">
      {action.texte}
    </ButtonLink>
  ))
  return (
    <>
      {attente && <Notice tone="attention">{attente}</Notice>}
      {peutPrendre && (
        <Form action={`${href}/instruction`} jeton={jeton} cle={cle} label="Que faire de ce dossier">
          <input type="hidden" name="version" value={version} />
          <Actions>
            <Button>Prendre en charge</Button>
            {liens}
          </Actions>
        </Form>
      )}
      {!peutPrendre && liens.length > 0 && <Actions>{liens}</Actions>}
      <Form action={`${href}/suivi`} jeton={jeton} cle={`${cle}-s`} label="Suivre ce dossier">
        <input type="hidden" name="suivre" value={suit ? 'non' : 'oui'} />
        <Actions>
          <Button tone="quiet">{suit ? 'Ne plus suivre' : 'Suivre ce dossier'}</Button>
          {peutCacher && <a href={`${href}/corbeille`}>Mettre à la corbeille</a>}
        </Actions>
      </Form>
    </>
  )
}

export interface CorrectionVue {
  readonly titre: string
  readonly message: string
  readonly champs: readonly string[]
  readonly suite: string
}

/** The corrections asked, each folded. */
export function Corrections({ corrections }: { corrections: readonly CorrectionVue[] }): VNode | null {
  if (corrections.length === 0) return null
  return (
    <section>
      <h2 id="corrections">Corrections demandées</h2>
      {corrections.map(({ titre, message, champs, suite }) => (
        <Details key={titre} titre={titre}>
          <p>{suite}</p>
          <p class="plain">{message}</p>
          <ul>
            {champs.map(champ => (
              <li key={champ}>{champ}</li>
            ))}
          </ul>
        </Details>
      ))}
    </section>
  )
}

/** The documents joined, each seen in the page on demand. */
export function Pieces({ pieces }: { pieces: readonly ViewerProps[] }): VNode | null {
  if (pieces.length === 0) return null
  return (
    <section>
      <h2 id="pieces">Documents joints</h2>
      {pieces.map(piece => (
        <Viewer key={piece.href} {...piece} />
      ))}
    </section>
  )
}

export interface EchangesProps extends Envoi {
  readonly messages: readonly Message[]
  readonly peutEcrire: boolean
  /** A message typed and refused. */
  readonly texte: string
  readonly erreurs: readonly FieldError[]
}

/** What both sides wrote, and the box to write. */
export function Echanges({ messages, peutEcrire, href, jeton, cle, version, texte, erreurs }: EchangesProps): VNode {
  const erreur = (champ: string) => erreurs.find(one => one.champ === champ)?.message
  return (
    <section>
      <h2 id="messages">Messages</h2>
      {messages.length === 0 ? <p>Aucun message pour l’instant.</p> : <MessageThread messages={messages} />}
      {peutEcrire && (
        <Form action={`${href}/messages`} jeton={jeton} cle={`${cle}-m`} label="Écrire à la personne" multipart>
          <input type="hidden" name="version" value={version} />
          <Textarea
            name="texte"
            label="Votre message"
            hint="La personne est prévenue par courriel et lit le message dans son dossier."
            value={texte}
            rows={4}
            maximum={4000}
            error={erreur('texte')}
          />
          <FileInput name="fichiers" label="Documents" {...FICHIERS_ADMIS} multiple optional error={erreur('fichiers')} />
          <Actions>
            <Button tone="secondary">Envoyer le message</Button>
          </Actions>
        </Form>
      )}
    </section>
  )
}
