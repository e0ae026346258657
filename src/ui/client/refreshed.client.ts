/** Reads the page again from time to time and puts this part in place, until the server sends it as one that no longer changes. */
export function startRefreshed(part: HTMLElement, start: (root: ParentNode) => void): void {
  const pauseMs = (Number(part.dataset.seconds) || 2) * 1000

  const again = async () => {
    // The page was left or replaced.
    if (!part.isConnected) return
    const response = document.hidden ? undefined : await fetch(location.href, { headers: { accept: 'text/html' } }).catch(() => undefined)
    const html = response?.ok ? await response.text() : ''
    const fresh = html ? new DOMParser().parseFromString(html, 'text/html').getElementById(part.id) : null
    const isHeld = part.contains(document.activeElement)
    // Nothing is taken from under the hands of who is about to press a button, until there is something else to do.
    if (!fresh || (isHeld && fresh.dataset.module)) return setTimeout(() => void again(), pauseMs)
    part.replaceWith(fresh)
    start(fresh)
    if (fresh.dataset.module) startRefreshed(fresh, start)
    else if (isHeld) document.getElementById('contenu')?.focus()
  }
  setTimeout(() => void again(), pauseMs)
}
