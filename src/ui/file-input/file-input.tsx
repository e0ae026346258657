import type { VNode } from 'preact'
import { safeUrl } from '../../platform/html/safe-url.ts'
import { describedBy, Field } from '../field/field.tsx'
import type { FieldProps } from '../types.ts'

export interface ExistingFile {
  id: string
  nom: string
  /** As it is read: « 240 ko ». */
  taille?: string | undefined
  href?: string | undefined
}

export interface FileInputProps extends FieldProps {
  /** As it is read: « PDF, JPEG ou PNG ». */
  formats: string
  /** As it is read: « 20 Mo ». */
  maximum: string
  /** For the `accept` attribute: a help to choose, never a check. */
  accept?: string | undefined
  multiple?: boolean | undefined
  /** Files already received. */
  existing?: readonly ExistingFile[] | undefined
  /** Name of the button that removes a file; its value is the file's id. Default `retirer`. */
  removeName?: string | undefined
  /** Where the remove button posts to, when it is not the form's action. */
  removeAction?: string | undefined
}

/** A file to join. Formats and size are said before choosing; the form must be `multipart`. */
export function FileInput(props: FileInputProps): VNode {
  const { formats, maximum, accept, multiple, existing = [], removeName = 'retirer', removeAction, ...field } = props
  const limits = `${multiple ? 'Un ou plusieurs fichiers' : 'Un fichier'} ${formats}, ${maximum} au plus${multiple ? ' chacun' : ''}.`
  const said = { ...field, hint: field.hint ? [field.hint, ' ', limits] : limits }
  return (
    <Field {...said}>
      {existing.length > 0 && (
        <ul class="files">
          {existing.map(file => (
            <li key={file.id}>
              {file.href ? <a href={safeUrl(file.href)}>{file.nom}</a> : file.nom}
              {file.taille && <small>{file.taille}</small>}
              <button
                type="submit"
                class="button button-quiet"
                name={removeName}
                value={file.id}
                formaction={removeAction && safeUrl(removeAction)}
                aria-label={`Retirer ${file.nom}`}
              >
                Retirer
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        type="file"
        id={field.name}
        name={field.name}
        accept={accept}
        multiple={multiple}
        aria-describedby={describedBy(said)}
        aria-invalid={field.error ? 'true' : undefined}
      />
    </Field>
  )
}
