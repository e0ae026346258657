/** Moves the lines of a plan by dragging them, or by Alt and an arrow: what the buttons do, sent by the form they are in. */
export function startPlan(list: HTMLElement): void {
  const form = list.closest('form')
  if (!form) return
  let dragged: HTMLElement | null = null
  const rowOf = (target: EventTarget | null): HTMLElement | null =>
    target instanceof Element ? target.closest<HTMLElement>('li[data-element]') : null

  for (const row of list.querySelectorAll<HTMLElement>('li[data-element]')) {
    row.draggable = true
    for (const link of row.querySelectorAll('a')) link.draggable = false
  }
  list.addEventListener('dragstart', event => {
    dragged = rowOf(event.target)
  })
  list.addEventListener('dragover', event => {
    const over = rowOf(event.target)
    if (!dragged || !over) return
    event.preventDefault()
    const { top, height } = over.getBoundingClientRect()
    if (over !== dragged) over[event.clientY < top + height / 2 ? 'before' : 'after'](dragged)
  })
  list.addEventListener('drop', event => {
    event.preventDefault()
    const id = dragged?.dataset.element
    const before = dragged?.previousElementSibling
    if (!id) return
    const apres = before instanceof HTMLElement ? (before.dataset.element ?? '') : ''
    for (const [name, value] of Object.entries({ geste: `placer:champs/${id}`, etape: list.dataset.etape ?? '', apres })) {
      const input = document.createElement('input')
      Object.assign(input, { type: 'hidden', name, value })
      form.append(input)
    }
    form.requestSubmit()
  })
  list.addEventListener('keydown', event => {
    const sens = { ArrowUp: 'haut', ArrowDown: 'bas' }[event.key]
    const button = event.altKey && sens && rowOf(event.target)?.querySelector<HTMLElement>(`[value^="${sens}:"]`)
    if (!button) return
    event.preventDefault()
    button.click()
  })
  // Back on the line that was moved, so that it can be moved again: a page sent by fetch has lost its fragment, and says it in its query.
  const target = document.getElementById(new URLSearchParams(location.search).get('ancre') ?? '')
  if (target && location.hash === '' && list.contains(target)) target.querySelector('a')?.focus()
}
