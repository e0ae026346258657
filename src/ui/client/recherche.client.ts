/**
 * Proposes answers while one types, in a list under the box (combobox with a list, ARIA APG). Choosing writes the words in the box, no more: the server
 * reads them as it would have read anything typed. Arrows move, Enter chooses, Escape closes, leaving closes.
 */
export function startRecherche(input: HTMLInputElement): void {
  const list = document.createElement('ul')
  const status = document.createElement('p')
  let timer = 0
  let asked = new AbortController()
  let at = -1

  list.id = `${input.id}-propositions`
  list.className = 'propositions'
  list.hidden = true
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-label', 'Propositions')
  status.className = 'vh'
  status.setAttribute('role', 'status')
  input.after(list, status)
  input.autocomplete = 'off'
  input.setAttribute('role', 'combobox')
  input.setAttribute('aria-autocomplete', 'list')
  input.setAttribute('aria-controls', list.id)
  close()

  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = window.setTimeout(() => void propose(), 200)
  })
  input.addEventListener('blur', close)
  input.addEventListener('keydown', event => {
    if (list.hidden) return
    const { length } = list.children
    if (event.key === 'ArrowDown') move((at + 1) % length)
    else if (event.key === 'ArrowUp') move((Math.max(at, 0) + length - 1) % length)
    else if (event.key === 'Escape') close()
    else if (event.key === 'Enter' && at >= 0) choose(list.children[at]!)
    else return
    event.preventDefault()
  })
  // Before the box loses the focus, which closes the list.
  list.addEventListener('pointerdown', event => {
    event.preventDefault()
    const option = (event.target as Element).closest('li')
    if (option) choose(option)
  })

  async function propose(): Promise<void> {
    asked.abort()
    asked = new AbortController()
    const words = input.value.trim()
    if (words.length < 2) return close()
    try {
      const response = await fetch(`${input.dataset.source}?q=${encodeURIComponent(words)}`, { signal: asked.signal })
      const { resultats } = (await response.json()) as { resultats: string[] }
      if (document.activeElement === input) show(resultats)
    } catch {
      close()
    }
  }

  function show(words: readonly string[]): void {
    close()
    list.replaceChildren(
      ...words.map((text, index) => {
        const option = document.createElement('li')
        option.id = `${list.id}-${index}`
        option.setAttribute('role', 'option')
        option.textContent = text
        return option
      }),
    )
    list.hidden = words.length === 0
    input.setAttribute('aria-expanded', String(!list.hidden))
    status.textContent =
      words.length === 0 ? '' : `${words.length} ${words.length > 1 ? 'propositions' : 'proposition'}, flèches pour parcourir.`
  }

  function move(to: number): void {
    list.children[at]?.removeAttribute('aria-selected')
    at = to
    const option = list.children[at]!
    option.setAttribute('aria-selected', 'true')
    option.scrollIntoView({ block: 'nearest' })
    input.setAttribute('aria-activedescendant', option.id)
  }

  function choose(option: Element): void {
    input.value = option.textContent ?? ''
    close()
  }

  function close(): void {
    at = -1
    list.hidden = true
    status.textContent = ''
    input.setAttribute('aria-expanded', 'false')
    input.removeAttribute('aria-activedescendant')
  }
}
