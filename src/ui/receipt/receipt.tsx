import type { VNode } from 'preact'
import type { Contenu } from '../types.ts'

export interface ReceiptProps {
  /** What was done: « Votre demande est bien arrivée ». */
  titre: string
  /** In groups that can be read over the telephone. */
  reference: string
  /** What the reference is called. */
  libelle?: string | undefined
  /** What opens it with the reference, in groups too. */
  code?: string | undefined
  children?: Contenu
}

/** The proof of a filing, to write down or to read over the telephone. */
export function Receipt({ titre, reference, libelle = 'Votre référence', code, children }: ReceiptProps): VNode {
  return (
    <div class="receipt">
      <p class="receipt-title">{titre}</p>
      <p>
        {libelle} <strong class="reference">{reference}</strong>
      </p>
      {code && (
        <p>
          Votre code personnel <strong class="reference">{code}</strong>
        </p>
      )}
      {children}
    </div>
  )
}
