import type { App, Assets } from '../../../platform/app.ts'
import { type CachedPage, toCachedPage } from '../../../platform/http/public-cache.ts'
import { type Answer, type Context, notFound, refused } from '../../../platform/http/route.ts'
import { colourCss } from '../../../ui/colour.ts'

const KEPT_AT_MOST = 64
const kept = new WeakMap<Assets, Map<string, CachedPage>>()

/**
 * GET /actifs/:fichier: the script, those of maps, or the stylesheet in the colour that its name says. The name is sealed, so that nobody can have
 * colours compressed at will, and changes with the content: browsers keep it for ever. Anything else does not exist.
 */
export async function actif({ app, params }: Context): Promise<Answer> {
  const name = params.fichier ?? ''
  const known = kept.get(app.assets) ?? new Map<string, CachedPage>()
  kept.set(app.assets, known)
  const compressed = known.get(name) ?? compress(app, name)
  if (!compressed) return refused(notFound)
  if (known.size >= KEPT_AT_MOST && !known.has(name)) known.delete(known.keys().next().value!)
  known.set(name, compressed)
  return { compressed, headers: { 'cache-control': 'public, max-age=31536000, immutable' } }
}

function compress(app: App, name: string): CachedPage | undefined {
  const { css, js, carte, print } = app.assets
  if (name === `${print}.js`) return toCachedPage(200, 'text/javascript; charset=utf-8', js)
  if (name === `${print}-carte.js`) return toCachedPage(200, 'text/javascript; charset=utf-8', carte.js)
  if (name === `${print}-carte.css`) return toCachedPage(200, 'text/css; charset=utf-8', carte.css)
  const couleur = name.startsWith(`${print}-`) ? name.slice(print.length + 1, print.length + 7) : ''
  if (!/^[0-9a-f]{6}$/.test(couleur)) return undefined
  const seal = app.secrets.sign('couleur', couleur).slice(0, 8)
  return name === `${print}-${couleur}-${seal}.css`
    ? toCachedPage(200, 'text/css; charset=utf-8', css + colourCss(`#${couleur}`))
    : undefined
}
