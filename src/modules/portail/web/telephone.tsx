import type { VNode } from 'preact'
import { telHref } from '../../../ui/index.ts'

/** A sentence that says to call: « Appelez la mairie au 02 61 91 00 00. », or to go there when no number is known. */
export function Telephone({ qui, telephone }: { qui: string; telephone: string | null }): VNode {
  if (!telephone) return <>{`Adressez-vous à ${qui}.`}</>
  return (
    <>
      {`Appelez ${qui} au `}
      <a href={telHref(telephone)}>{telephone.replaceAll(' ', '\u00a0')}</a>.
    </>
  )
}
