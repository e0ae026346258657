/**
 * Goes through the lines of a table by keyboard: j to the link of the next line, k to the one before, / to the search box. Never while something is being
 * typed or chosen, nor with a modifier: those keys are the browser's and the screen reader's (WCAG 2.1.4: active only when no field has the focus).
 */
export function startListKeys(list: HTMLElement): void {
  const typing = (target: EventTarget | null) =>
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName))

  const onKey = (event: KeyboardEvent) => {
    // The page was replaced by another one.
    if (!list.isConnected) return document.removeEventListener('keydown', onKey)
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return
    if (event.key === '/') {
      const box = document.querySelector<HTMLInputElement>('form[role=search] input[type=search]')
      box?.focus()
      box?.select()
    } else if (event.key === 'j' || event.key === 'k') {
      const links = [...list.querySelectorAll<HTMLElement>('tbody th a')]
      const row = document.activeElement?.closest('tr')
      const at = links.findIndex(link => link.closest('tr') === row)
      links[event.key === 'j' ? at + 1 : at - 1]?.focus()
    } else return
    event.preventDefault()
  }
  document.addEventListener('keydown', onKey)
}
