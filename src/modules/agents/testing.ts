import type { FastifyInstance, LightMyRequestResponse } from 'fastify'

/** A browser without script, as far as these tests need one: cookies, forms and their hidden fields. */
export interface Navigateur {
  get(path: string): Promise<LightMyRequestResponse>
  post(path: string, fields: Record<string, string | string[]>): Promise<LightMyRequestResponse>
  /** Loads a page, then sends its form whose action is `action` with what is typed; follows no redirection. */
  envoyer(page: string, action: string, typed: Record<string, string | string[]>): Promise<LightMyRequestResponse>
  readonly cookies: Map<string, string>
}

/** Opens one on a server. */
export function navigateur(server: FastifyInstance): Navigateur {
  const cookies = new Map<string, string>()
  const send = async (method: 'GET' | 'POST', url: string, fields?: Record<string, string | string[]>) => {
    const response = await server.inject({
      method,
      url,
      cookies: Object.fromEntries(cookies),
      // No Fetch Metadata nor Origin: the token of the form is what counts.
      ...(fields ? { payload: encode(fields), headers: { 'content-type': 'application/x-www-form-urlencoded' } } : {}),
    })
    for (const { name, value } of response.cookies) {
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }
  return {
    cookies,
    get: path => send('GET', path),
    post: (path, fields) => send('POST', path, fields),
    async envoyer(page, action, typed) {
      const { body } = await send('GET', page)
      return send('POST', action, { ...hiddenFields(body, action), ...typed })
    },
  }
}

const encode = (fields: Record<string, string | string[]>): string =>
  new URLSearchParams(Object.entries(fields).flatMap(([name, value]) => [value].flat().map(one => [name, one]))).toString()

/** The hidden fields of the form of a page that has this action; throws when there is none. */
export function hiddenFields(html: string, action: string): Record<string, string> {
  const form = html.split('<form ').find(part => part.startsWith(`action="${action}"`))
  if (!form) throw new Error(`no form for ${action} in ${html.slice(html.indexOf('<main'), html.indexOf('<main') + 600)}`)
  const inputs = form.slice(0, form.indexOf('</form>')).matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)
  return Object.fromEntries([...inputs].map(match => [match[1]!, match[2]!.replaceAll('&amp;', '&')]))
}
