import type { VNode } from 'preact'
import { safeUrl } from '../../platform/html/safe-url.ts'
import type { Contenu } from '../types.ts'

/**
 * What others will see, set apart: at the width of a telephone (360 px), or of the column. `still`: to look at, nothing in it can be used.
 * `source`: the form that it shows, and the address that renders what is typed in it; the script asks again while people type.
 */
export function Frame({
  phone,
  still,
  id,
  source,
  children,
}: {
  phone?: boolean | undefined
  still?: boolean | undefined
  id?: string | undefined
  source?: { readonly form: string; readonly action: string } | undefined
  children: Contenu
}): VNode {
  return (
    <div
      class={phone ? 'frame frame-phone' : 'frame'}
      inert={still}
      id={id}
      data-module={source && 'live-frame'}
      data-form={source?.form}
      data-action={source && safeUrl(source.action)}
    >
      {children}
    </div>
  )
}
