import type { VNode } from 'preact'
import { EmptyState, Notice, Pagination, SummaryList, Table, Tag, type Tone } from '../../../ui/index.ts'
import { type EtatEnvoi, segmentsDe } from '../envoi.ts'

/** A message as the pages show it: dates in words. */
export interface EnvoiAffiche {
  readonly id: string
  readonly destinataire: string
  readonly sujet: string
  readonly etat: EtatEnvoi
  readonly erreur: string | null
  readonly creeLe: string
}

const ETATS: Readonly<Record<EtatEnvoi, readonly [mots: string, tone: Tone]>> = {
  a_remettre: ['À remettre', 'attention'],
  remis: ['Remis', 'succes'],
  refuse: ['Refusé', 'danger'],
}

/** A word for the state of a message. */
export function EtatDEnvoi({ etat }: { etat: EtatEnvoi }): VNode {
  const [mots, tone] = ETATS[etat]
  return <Tag tone={tone}>{mots}</Tag>
}

export interface BoiteDEnvoiProps {
  readonly base: string
  readonly envois: readonly EnvoiAffiche[]
  readonly page: number
  readonly pages: number
  readonly total: number
  readonly hasSmtp: boolean
}

/** The messages of a collectivité, newest first: the demonstration's letter box. */
export function BoiteDEnvoi({ base, envois, page, pages, total, hasSmtp }: BoiteDEnvoiProps): VNode {
  return (
    <>
      <Notice>
        {hasSmtp
          ? 'Cette page n’existe que dans la démonstration. Un serveur de messagerie est configuré : les messages lui sont vraiment remis.'
          : 'Cette page n’existe que dans la démonstration. Aucun serveur de messagerie n’est configuré : aucun message ne quitte cette machine, vous les lisez ici.'}
      </Notice>
      {envois.length === 0 ? (
        <EmptyState titre="Aucun message pour l’instant">
          Déposez une demande ou invitez un agent : le message qui part alors apparaît ici.
        </EmptyState>
      ) : (
        <Table
          caption="Messages, du plus récent au plus ancien"
          rows={envois}
          rowKey={envoi => envoi.id}
          columns={[
            { titre: 'Sujet', cellule: envoi => <a href={`${base}/boite-d-envoi/${envoi.id}`}>{envoi.sujet}</a> },
            { titre: 'Destinataire', cellule: envoi => envoi.destinataire },
            { titre: 'Écrit le', cellule: envoi => envoi.creeLe },
            { titre: 'État', cellule: envoi => <EtatDEnvoi etat={envoi.etat} /> },
          ]}
        />
      )}
      <Pagination page={page} pages={pages} href={n => `${base}/boite-d-envoi?page=${n}`} total={`${total} messages`} />
    </>
  )
}

/** One message, as plain text whose addresses can be followed. */
export function MessageEnvoye({ envoi }: { envoi: EnvoiAffiche & { readonly texte: string } }): VNode {
  return (
    <>
      <SummaryList
        rows={[
          { cle: 'Destinataire', valeur: envoi.destinataire },
          { cle: 'Écrit le', valeur: envoi.creeLe },
          { cle: 'État', valeur: <EtatDEnvoi etat={envoi.etat} /> },
          ...(envoi.erreur ? [{ cle: 'Pourquoi', valeur: envoi.erreur }] : []),
        ]}
      />
      <h2>Le message</h2>
      <p class="plain">{segmentsDe(envoi.texte).map(part => (typeof part === 'string' ? part : <a href={part.href}>{part.href}</a>))}</p>
    </>
  )
}
