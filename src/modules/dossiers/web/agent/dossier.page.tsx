import type { VNode } from 'preact'
import {
  Actions,
  Button,
  ButtonLink,
  Columns,
  ContactBlock,
  Details,
  ErrorSummary,
  type FieldError,
  Form,
  type Message,
  MessageThread,
  Notice,
  SummaryList,
  type SummaryRow,
  Tag,
  Textarea,
  Timeline,
  type TimelineEvent,
  type Tone,
} from '../../../../ui/index.ts'
import { type EnvoiResume, EtatDEnvoi } from '../../../envois/index.ts'
import { Recapitulatif, type RecapitulatifProps, type SectionRecapitulatif } from '../../../formulaires/index.ts'

export interface DocumentVu {
  readonly titre: string
  readonly href: string
  readonly date: string
  readonly isRevoked: boolean
}

export interface CorrectionVue {
  readonly titre: string
  readonly message: string
  readonly champs: readonly string[]
  readonly suite: string
}

export interface DossierVu {
  readonly href: string
  readonly jeton: string
  readonly cle: string
  readonly version: number
  readonly etat: { readonly mots: string; readonly ton: Tone }
  readonly faits: readonly SummaryRow[]
  readonly contact: {
    readonly nom: string
    readonly adresse: readonly string[]
    readonly telephone: string | undefined
    readonly courriel: string | undefined
  }
  /** What this agent may do now: a link, or the button that takes the dossier. */
  readonly peutPrendre: boolean
  readonly actions: readonly { readonly texte: string; readonly href: string }[]
  readonly attente: string | undefined
  readonly peutEcrire: boolean
  readonly reponses: readonly SectionRecapitulatif[]
  /** Where an answer comes from when the person did not type it. */
  readonly provenance: RecapitulatifProps['provenance']
  readonly documents: readonly DocumentVu[]
  readonly corrections: readonly CorrectionVue[]
  readonly messages: readonly Message[]
  readonly historique: readonly TimelineEvent[]
  readonly envois: readonly (Pick<EnvoiResume, 'id' | 'sujet' | 'etat' | 'erreur'> & { readonly date: string })[]
  readonly fait: string | undefined
  readonly erreurs: readonly FieldError[]
  /** A message typed and refused. */
  readonly texte: string
}

/** Everything about a dossier on one page, and what can be done with it now. */
export function DossierDeLAgent(dossier: DossierVu): VNode {
  const { erreurs, fait, etat, faits, reponses, href, contact } = dossier
  return (
    <>
      <ErrorSummary errors={erreurs} />
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      <Columns>
        <div>
          <SummaryList rows={[{ cle: 'État', valeur: <Tag tone={etat.ton}>{etat.mots}</Tag> }, ...faits]} />
          <CeQueJePeuxFaire {...dossier} />
          <Corrections corrections={dossier.corrections} />
          <Recapitulatif sections={reponses} pieceHref={id => `${href}/pieces/${id}`} provenance={dossier.provenance} />
          <Echanges {...dossier} />
        </div>
        <div>
          <ContactBlock titre={contact.nom} {...contact} />
          <Documents documents={dossier.documents} />
          <Envois envois={dossier.envois} />
          <h2>Historique</h2>
          <Timeline events={dossier.historique} />
        </div>
      </Columns>
    </>
  )
}

function CeQueJePeuxFaire({ href, jeton, cle, version, peutPrendre, actions, attente }: DossierVu): VNode {
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
    </>
  )
}

function Corrections({ corrections }: Pick<DossierVu, 'corrections'>): VNode | null {
  if (corrections.length === 0) return null
  return (
    <section>
      <h2>Corrections demandées</h2>
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

function Echanges({ messages, peutEcrire, href, jeton, cle, version, texte, erreurs }: DossierVu): VNode {
  return (
    <section id="messages">
      <h2>Messages</h2>
      {messages.length === 0 ? <p>Aucun message pour l’instant.</p> : <MessageThread messages={messages} />}
      {peutEcrire && (
        <Form action={`${href}/messages`} jeton={jeton} cle={cle} label="Écrire à la personne">
          <input type="hidden" name="version" value={version} />
          <Textarea
            name="texte"
            label="Votre message"
            hint="La personne est prévenue par courriel et lit le message dans son dossier."
            value={texte}
            rows={4}
            maximum={4000}
            error={erreurs.find(({ champ }) => champ === 'texte')?.message}
          />
          <Actions>
            <Button tone="secondary">Envoyer le message</Button>
          </Actions>
        </Form>
      )}
    </section>
  )
}

function Documents({ documents }: Pick<DossierVu, 'documents'>): VNode | null {
  if (documents.length === 0) return null
  return (
    <section>
      <h2>Documents émis</h2>
      <ul>
        {documents.map(({ titre, href, date, isRevoked }) => (
          <li key={href}>
            <a href={href}>{titre}</a>, {date}
            {isRevoked && ' – révoqué'}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Envois({ envois }: Pick<DossierVu, 'envois'>): VNode | null {
  if (envois.length === 0) return null
  return (
    <section>
      <h2>Courriels envoyés</h2>
      <ul>
        {envois.map(({ id, sujet, date, etat, erreur }) => (
          <li key={id}>
            {sujet}, {date} <EtatDEnvoi etat={etat} />
            {erreur && ` ${erreur}`}
          </li>
        ))}
      </ul>
    </section>
  )
}
