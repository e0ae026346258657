/**
 * Sends a form by fetch so that a cut connection does not take the page, and what was typed, away. The form carries an
 * idempotency key (`_cle`): the same body may be sent again without being filed twice.
 */
type Start = (root: ParentNode) => void

const cut = 'La connexion a coupé. Rien n’est perdu : vos réponses sont sur cette page.'
const busy = 'Le service ne répond pas pour l’instant. Rien n’est perdu : vos réponses sont sur cette page.'

export function startFormSend(form: HTMLFormElement, start: Start): void {
  let sending = false

  form.addEventListener('submit', event => {
    event.preventDefault()
    if (sending) return
    const submitter = event.submitter as HTMLButtonElement | null
    void send(submitter?.hasAttribute('formaction') ? submitter.formAction : form.action, bodyOf(form, submitter))
  })
  // A page that comes back from the browser's history must be able to send again.
  addEventListener('pageshow', () => settle())

  async function send(action: string, body: BodyInit): Promise<void> {
    sending = true
    form.querySelector('.form-alert')?.remove()
    setBusy(form, true)
    const controller = new AbortController()
    const abort = (): void => controller.abort()
    addEventListener('offline', abort)
    let problem: string | undefined
    try {
      const response = await fetch(action, { method: 'POST', body, headers: { accept: 'text/html' }, signal: controller.signal })
      problem = await show(response, start)
    } catch {
      problem = cut
    }
    removeEventListener('offline', abort)
    if (!problem) return
    settle()
    offerRetry(form, problem, () => {
      if (!sending) void send(action, body)
    })
  }

  function settle(): void {
    sending = false
    setBusy(form, false)
  }
}

/** What the browser itself would send: the fields and the button pressed. */
function bodyOf(form: HTMLFormElement, submitter: HTMLButtonElement | null): BodyInit {
  const data = new FormData(form)
  if (submitter?.name) data.append(submitter.name, submitter.value)
  if (form.enctype === 'multipart/form-data') return data
  return new URLSearchParams([...data].map(([name, value]): [string, string] => [name, value as string]))
}

/** Goes where the answer leads, or puts its page in place of this one. Gives a sentence when neither can be done. */
async function show(response: Response, start: Start): Promise<string | undefined> {
  // Overload and failures pass; a page of theirs would take the answers away.
  if (response.status >= 500 || response.status === 429) return busy
  if (response.redirected) {
    location.assign(response.url)
    return
  }
  const html = await response.text()
  if (!response.headers.get('content-type')?.includes('html')) return busy
  // Parsed, not written: the policy of the page (CSP) keeps holding, and no script of the answer runs.
  const next = new DOMParser().parseFromString(html, 'text/html')
  document.title = next.title
  document.body.replaceWith(next.body)
  start(document)
  if (document.activeElement === document.body) document.getElementById('contenu')?.focus()
  if (!document.querySelector('.error-summary')) scrollTo(0, 0)
}

function setBusy(form: HTMLFormElement, on: boolean): void {
  form.ariaBusy = on ? 'true' : null
  for (const button of form.querySelectorAll('[type=submit]')) button.ariaDisabled = on ? 'true' : null
}

/** Says what happened at the end of the form, and sends again on a press or when the connection comes back. */
function offerRetry(form: HTMLFormElement, sentence: string, retry: () => void): void {
  const alert = document.createElement('div')
  alert.className = 'form-alert notice tone-attention'
  alert.setAttribute('role', 'alert')
  const text = document.createElement('p')
  text.textContent = sentence
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'button'
  button.textContent = 'Réessayer'
  alert.append(text, button)
  form.append(alert)
  const again = (): void => {
    removeEventListener('online', again)
    if (alert.isConnected) retry()
  }
  button.addEventListener('click', again)
  addEventListener('online', again)
}
