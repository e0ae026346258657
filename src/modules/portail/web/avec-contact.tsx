import type { VNode } from 'preact'
import { Columns, type Contenu } from '../../../ui/index.ts'
import { type Collectivite, Contact } from '../../territoire/index.ts'

/** A text, and beside it how to reach the collectivité it speaks of, when there is one. */
export function AvecContact({
  collectivite,
  titre,
  children,
}: {
  collectivite: Collectivite | undefined
  titre?: string
  children: Contenu
}): VNode {
  if (!collectivite) return <>{children}</>
  return (
    <Columns>
      <div>{children}</div>
      <Contact collectivite={collectivite} {...(titre ? { titre } : {})} />
    </Columns>
  )
}
