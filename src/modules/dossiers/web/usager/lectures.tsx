import type { VNode } from 'preact'
import { Details } from '../../../../ui/index.ts'
import type { Lecture } from '../../queries/lectures.ts'

/** What was read, within « un agent … a ouvert … ». */
const QUOI: Readonly<Record<string, string>> = {
  dossier: 'le dossier',
  piece: 'un document joint',
  document: 'un document émis',
  decision: 'le projet de décision',
  courrier: 'le projet de courrier',
  export: 'le dossier, dans un export',
  archives: 'le dossier, pour les archives',
  api: 'le dossier, par un logiciel de la collectivité',
}

/** « Qui a consulté votre dossier »: days and hours, never the name of an agent. */
export function QuiALu({
  lectures,
  quand,
  service,
}: {
  lectures: readonly Lecture[]
  quand: (instant: Date) => string
  service: string | null
}): VNode {
  const qui = (par: Lecture['par']) =>
    par === 'expert'
      ? 'une personne dont l’avis est demandé'
      : par === 'api'
        ? 'un logiciel autorisé'
        : `un agent${service ? ` (${service})` : ''}`
  return (
    <Details titre="Qui a consulté votre dossier">
      {lectures.length === 0 ? (
        <p>Personne ne l’a encore ouvert.</p>
      ) : (
        <ul>
          {lectures.map(({ le, par, nature }) => (
            <li key={`${le.toISOString()}${nature}`}>{`${quand(le)} : ${qui(par)} a ouvert ${QUOI[nature] ?? 'le dossier'}.`}</li>
          ))}
        </ul>
      )}
    </Details>
  )
}
