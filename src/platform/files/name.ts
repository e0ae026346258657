const maxNameLength = 120

/**
 * A file name made fit to be shown, 120 characters at most, extension kept: no path, control, direction or invisible character.
 * The name is data: it never becomes a path. Direction marks go because « facture[RLO]fdp.exe » is displayed « factureexe.pdf »
 * (Unicode Technical Report 36, §2.6). An empty result becomes « document ».
 */
export function cleanFileName(name: string): string {
  const lastPart = name.split(/[/\\]/).at(-1) ?? ''
  const visible = lastPart
    .normalize('NFC')
    .replace(/[\p{Zs}\p{Zl}\p{Zp}\t\r\n]+/gu, ' ')
    .replace(/\p{C}/gu, '')
    .replace(/ {2,}/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
  if (visible === '') return 'document'
  const extension = extensionOf(visible)
  const letters = [...visible]
  if (letters.length <= maxNameLength) return visible
  const tail = extension ? `.${extension}` : ''
  return letters.slice(0, maxNameLength - tail.length).join('') + tail
}

/** The last extension of a name, lower case and without its dot; empty when there is none that looks like one. */
export const extensionOf = (name: string): string => /[^.]\.([\p{L}\p{N}]{1,10})$/u.exec(name)?.[1]?.toLowerCase() ?? ''

/** The name with another extension: « photo.webp » re-encoded becomes « photo.jpg ». */
export function withExtension(name: string, extension: string): string {
  const current = extensionOf(name)
  const base = current ? name.slice(0, -current.length - 1) : name
  return cleanFileName(`${base}.${extension}`)
}
