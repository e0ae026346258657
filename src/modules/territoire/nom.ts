/**
 * The key under which a place is looked for: without accents, hyphens, apostrophes nor capitals, « St » and « Ste » written in full.
 * « St-Martin-d’Hères », « saint martin d heres » and « SAINT MARTIN D'HERES » have the same key.
 */
export function cleDeNom(nom: string): string {
  return nom
    .toWellFormed()
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .normalize('NFD')
    .replace(/[^a-z0-9]+/g, match => (/[\u0300-\u036f]/.test(match) && !/[\s\-'’.,/()]/.test(match) ? '' : ' '))
    .trim()
    .split(/\s+/)
    .map(word => ({ st: 'saint', ste: 'sainte', sts: 'saints', stes: 'saintes', s: 'sur' })[word] ?? word)
    .join(' ')
    .slice(0, 100)
}

// First segments that are not communes.
const RESERVED = new Set([
  'actifs',
  'sante',
  'agents',
  'composants',
  'recherche',
  'aide',
  'accessibilite',
  'mentions-legales',
  'donnees-personnelles',
  'api',
])

/**
 * Addresses of collectivités, each its own: the name; with the département when several have it; with the code when even that is not enough.
 * Gives a map from key to segment; those in `taken` keep theirs.
 */
export function cheminsPour(
  places: readonly { key: string; nom: string; departement: string | undefined; code: string }[],
  taken: ReadonlyMap<string, string> = new Map(),
): Map<string, string> {
  const slug = (text: string) => cleDeNom(text).replaceAll(' ', '-') || 'collectivite'
  const used = new Set(taken.values())
  const counts = new Map<string, number>()
  for (const place of places) counts.set(slug(place.nom), (counts.get(slug(place.nom)) ?? 0) + 1)
  const result = new Map<string, string>()
  for (const place of places) {
    const known = taken.get(place.key)
    const base = slug(place.nom)
    const departement = place.departement?.toLowerCase() ?? ''
    const isAlone = counts.get(base) === 1 && !RESERVED.has(base)
    const candidates = [
      ...(isAlone ? [base] : []),
      ...(departement ? [`${base}-${departement}`] : []),
      `${base}-${place.code.toLowerCase()}`,
    ]
    const chosen = known ?? candidates.find(candidate => !used.has(candidate)) ?? `${base}-${place.code.toLowerCase()}-bis`
    used.add(chosen)
    result.set(place.key, chosen)
  }
  return result
}
