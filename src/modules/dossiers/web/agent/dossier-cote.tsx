import type { VNode } from 'preact'
import { Details, LinkList, SummaryList, Timeline, type TimelineEvent } from '../../../../ui/index.ts'
import { type EnvoiResume, EtatDEnvoi } from '../../../envois/index.ts'

export interface DocumentVu {
  readonly titre: string
  readonly href: string
  readonly date: string
  readonly isRevoked: boolean
}

export interface DelaiVu {
  readonly cle: string
  readonly quand: string
  readonly effet: string
  readonly source: string
}

/** The clocks of the law that run, each with what happens on its day and the text that says so. */
export function Delais({ delais }: { delais: readonly DelaiVu[] }): VNode | null {
  if (delais.length === 0) return null
  return (
    <section>
      <h2 id="delais">Délais</h2>
      <SummaryList
        rows={delais.map(({ cle, quand, effet, source }) => ({
          cle,
          valeur: (
            <>
              {`${quand} : ${effet}`}
              <span class="hint">{` ${source}`}</span>
            </>
          ),
        }))}
      />
    </section>
  )
}

/** The documents that the collectivité issued, and the whole dossier as an archive, with what agents noted only when it is asked. */
export function Documents(props: {
  documents: readonly DocumentVu[]
  ecrire: string | undefined
  archive: string
  annote: boolean
}): VNode {
  const { documents, ecrire, archive, annote } = props
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
        <li>
          <a href={archive}>Tout le dossier (ZIP)</a>
          {annote && (
            <>
              , <a href={`${archive}?annotations=oui`}>avec les annotations des agents</a>
            </>
          )}
        </li>
      </ul>
      {ecrire && (
        <p>
          <a href={ecrire}>Écrire un courrier</a>
        </p>
      )}
    </section>
  )
}

export type EnvoiVu = Pick<EnvoiResume, 'id' | 'sujet' | 'etat' | 'erreur'> & { readonly date: string }

/** What was sent by e-mail, and what became of it. */
export function Envois({ envois, corriger }: { envois: readonly EnvoiVu[]; corriger: string | undefined }): VNode | null {
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
      {corriger && (
        <p>
          <a href={corriger}>Corriger l’adresse électronique de la personne</a>
        </p>
      )}
    </section>
  )
}

/** The person's other dossiers. */
export function Autres({
  autres,
}: {
  autres: readonly { readonly texte: string; readonly href: string; readonly description: string }[]
}): VNode | null {
  if (autres.length === 0) return null
  return (
    <section>
      <h2 id="autres">Autres dossiers de cette personne</h2>
      <LinkList items={autres} />
    </section>
  )
}

const MONTRES = 6

/** What happened, the latest first; the oldest folded when there is much. */
export function Historique({ evenements }: { evenements: readonly TimelineEvent[] }): VNode {
  const older = evenements.slice(MONTRES)
  return (
    <section>
      <h2 id="historique">Historique</h2>
      <Timeline events={evenements.slice(0, MONTRES)} />
      {older.length > 0 && (
        <Details titre={`${older.length} événement${older.length > 1 ? 's' : ''} avant`}>
          <Timeline events={older} />
        </Details>
      )}
    </section>
  )
}
