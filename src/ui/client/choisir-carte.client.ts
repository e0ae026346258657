import type { Carte, ouvrirCarte } from './carte.client.ts'

let maps = 0

/**
 * Offers « Choisir sur une carte » under the box of a place, when the server has one to show. The map itself, its script and its style come when the
 * button is pressed. What is chosen is written in the box, where the server reads it as anything typed.
 */
export function startCarte(place: HTMLElement): void {
  const box = document.getElementById(place.dataset.champ ?? '')
  const { recherche } = place.dataset
  if (box instanceof HTMLInputElement && recherche) void offer(place, box, recherche)
}

async function offer(place: HTMLElement, box: HTMLInputElement, recherche: string): Promise<void> {
  const response = await fetch(`${recherche}/carte`).catch(() => undefined)
  const carte = response?.ok ? ((await response.json()) as Partial<Carte>) : {}
  if (!carte.script || !carte.style) return
  const { script, style } = carte
  const panel = document.createElement('div')
  const button = document.createElement('button')
  const status = document.createElement('p')
  panel.id = `${box.id}-carte-${++maps}`
  panel.className = 'carte-choisir'
  panel.hidden = true
  button.type = 'button'
  button.className = 'button button-secondary'
  button.setAttribute('aria-controls', panel.id)
  status.setAttribute('role', 'status')
  place.append(button, panel, status)
  let opening: Promise<{ show(): void }> | undefined
  show(false)
  button.addEventListener('click', () => void toggle())

  async function toggle(): Promise<void> {
    status.textContent = ''
    if (!panel.hidden) return show(false)
    show(true)
    opening ??= open()
    try {
      ;(await opening).show()
    } catch {
      opening = undefined
      panel.replaceChildren()
      show(false)
      status.textContent = 'La carte n’a pas pu s’ouvrir. Vérifiez votre connexion, ou écrivez le lieu dans la case.'
    }
  }

  async function open(): Promise<{ show(): void }> {
    const [module] = await Promise.all([import(script) as Promise<{ ouvrirCarte: typeof ouvrirCarte }>, load(style)])
    return module.ouvrirCarte(panel, box as HTMLInputElement, place.dataset, carte as Carte)
  }

  function show(isOpen: boolean): void {
    panel.hidden = !isOpen
    button.textContent = isOpen ? 'Fermer la carte' : 'Choisir sur une carte'
    button.setAttribute('aria-expanded', String(isOpen))
    // The plan of the server shows what was answered before.
    for (const image of place.querySelectorAll<HTMLElement>('img.carte')) image.hidden = isOpen
  }
}

const load = (href: string): Promise<void> =>
  new Promise((resolve, reject) => {
    if (document.querySelector(`link[href="${href}"]`)) return resolve()
    const link = document.createElement('link')
    link.rel = 'stylesheet'
    link.href = href
    link.addEventListener('load', () => resolve())
    link.addEventListener('error', () => {
      link.remove()
      reject(new Error(href))
    })
    document.head.append(link)
  })
