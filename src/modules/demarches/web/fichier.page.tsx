import type { VNode } from 'preact'
import { Actions, Button, FileInput, Form, Notice } from '../../../ui/index.ts'
import type { DefautDeFichier } from '../fichier.ts'

export interface ImportProps {
  readonly action: string
  readonly jeton: string
  readonly cle: string
  readonly defauts: readonly DefautDeFichier[]
  readonly nom: string | undefined
}

/** A definition from a file, and every reason when it cannot work. */
export function PageDImport({ action, jeton, cle, defauts, nom }: ImportProps): VNode {
  return (
    <>
      {defauts.length > 0 && (
        <Notice tone="danger" title={nom ? `« ${nom} » ne peut pas être importé` : 'Rien n’est importé'} live>
          <ul>
            {defauts.map(({ lieu, message }) => (
              <li key={`${lieu} ${message}`}>{lieu ? `${lieu} : ${message}` : message}</li>
            ))}
          </ul>
        </Notice>
      )}
      <p>
        Une démarche téléchargée depuis une autre collectivité, ou écrite ailleurs. Elle n’est visible de personne avant sa publication.
      </p>
      <Form action={action} jeton={jeton} cle={cle} multipart natif>
        <FileInput name="fichier" label="Fichier de la démarche" formats="JSON" maximum="1 Mo" accept=".json,application/json" />
        <Actions>
          <Button>Importer</Button>
        </Actions>
      </Form>
      <p class="hint">
        La forme de ce fichier est décrite par un <a href="/schemas/demarche.json">schéma JSON</a>.
      </p>
    </>
  )
}
