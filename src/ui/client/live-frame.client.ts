const PAUSE_MS = 400

/** Shows again what a form says while people type in it: the server renders it, nothing is saved. */
export function startLiveFrame(frame: HTMLElement): void {
  const form = document.getElementById(frame.dataset.form ?? '')
  const action = frame.dataset.action
  if (!(form instanceof HTMLFormElement) || !action) return
  let timer: ReturnType<typeof setTimeout> | undefined
  let latest = 0
  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(() => void render(form, action), PAUSE_MS)
  })

  async function render(from: HTMLFormElement, to: string): Promise<void> {
    const turn = ++latest
    const body = new URLSearchParams([...new FormData(from)].map(([name, value]): [string, string] => [name, String(value)]))
    const response = await fetch(to, { method: 'POST', body, headers: { accept: 'text/html' } }).catch(() => undefined)
    const html = response?.ok ? await response.text() : ''
    // An answer that comes after a later one, or a failure, leaves what is shown.
    if (turn !== latest || html === '') return
    frame.replaceChildren(...new DOMParser().parseFromString(html, 'text/html').body.childNodes)
  }
}
