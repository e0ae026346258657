import { textes } from '../demarches/index.ts'
import type { Expression } from '../formulaires/index.ts'
import type { Contenu } from './gabarit.ts'

/** A part of a composed text. */
export type BlocCompose =
  | { readonly type: 'titre' | 'paragraphe'; readonly texte: string }
  | { readonly type: 'liste'; readonly elements: readonly string[] }

/** A text with everything in its place. */
export interface Compose {
  readonly sujet: string
  readonly titre: string
  readonly blocs: readonly BlocCompose[]
  /** The marks that were printed: what is already said need not be said again around it. */
  readonly dites: ReadonlySet<string>
}

/**
 * Composes a text: blocks whose condition holds, words in place of the marks, in one pass. A block, or an element of a list, that names
 * something left empty is left out; a heading so left falls back to `secours`. Total: it never throws, whatever the words.
 */
export function composer(
  contenu: Contenu,
  mots: ReadonlyMap<string, string>,
  tient: (condition: Expression) => boolean,
  secours: string,
): Compose {
  const dites = new Set<string>()
  const fill = (texte: string): string | null => {
    const filled = textes.remplir(texte, mots)
    if (filled !== null) for (const [, id = ''] of texte.matchAll(textes.marques)) dites.add(id)
    return filled
  }
  const blocs = contenu.blocs.flatMap(({ type, texte, si }): BlocCompose[] => {
    if (si && !tient(si)) return []
    if (type === 'liste') {
      const elements = texte.split('\n').flatMap(line => (line.trim() ? (fill(line.trim()) ?? []) : []))
      return elements.length > 0 ? [{ type, elements }] : []
    }
    const filled = fill(texte)
    return filled === null ? [] : [{ type, texte: filled }]
  })
  const titre = fill(contenu.titre) ?? secours
  return { titre, sujet: (contenu.sujet && fill(contenu.sujet)) || titre, blocs, dites }
}
