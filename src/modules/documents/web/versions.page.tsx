import type { VNode } from 'preact'
import { Actions, Button, Form, Notice, Table } from '../../../ui/index.ts'
import type { Compose } from '../composer.ts'

/** A version of the list. */
export interface LigneDeVersion {
  readonly numero: number
  readonly href: string
  readonly le: string
  readonly par: string
  readonly reprise: number | null
}

/** Every version that was saved, the latest first. */
export function ListeDesVersions({ lignes }: { lignes: readonly LigneDeVersion[] }): VNode {
  return (
    <>
      <p>Chaque enregistrement est gardé. Un document déjà émis garde les mots de sa version.</p>
      <Table
        caption="Versions, de la plus récente à la plus ancienne"
        rows={lignes}
        rowKey={({ numero }) => String(numero)}
        columns={[
          { titre: 'Version', cellule: ({ numero, href }) => <a href={href}>{`Version ${numero}`}</a> },
          { titre: 'Enregistrée le', cellule: ({ le }) => le },
          { titre: 'Par', cellule: ({ par }) => par },
          { titre: 'Origine', cellule: ({ reprise }) => (reprise ? `Reprise de la version ${reprise}` : 'Écrite') },
        ]}
      />
    </>
  )
}

export interface VersionProps {
  readonly contenu: Compose
  readonly phrases: readonly string[]
  /** Where to take it again; undefined for the one in service. */
  readonly reprise:
    | { readonly action: string; readonly jeton: string; readonly cle: string; readonly version: number; readonly numero: number }
    | undefined
}

/** One version, read; to take again when it is not the last. */
export function PageDeLaVersion({ contenu, phrases, reprise }: VersionProps): VNode {
  return (
    <>
      <Notice tone="neutre" title={contenu.titre}>
        {contenu.sujet !== contenu.titre && <p>{`Objet : ${contenu.sujet}`}</p>}
        {contenu.blocs.map((bloc, rank) => (
          <p key={`${rank}`} class="plain">
            {bloc.type === 'liste' ? bloc.elements.map(element => `– ${element}`).join('\n') : bloc.texte}
          </p>
        ))}
      </Notice>
      {phrases.length > 0 && (
        <ul>
          {phrases.map(phrase => (
            <li key={phrase}>{phrase}</li>
          ))}
        </ul>
      )}
      {reprise && (
        <Form action={reprise.action} jeton={reprise.jeton} cle={reprise.cle}>
          <input type="hidden" name="version" value={reprise.version} />
          <input type="hidden" name="numero" value={reprise.numero} />
          <Actions>
            <Button>Reprendre cette version</Button>
          </Actions>
        </Form>
      )}
    </>
  )
}
