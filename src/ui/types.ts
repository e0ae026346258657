import type { ComponentChildren, VNode } from 'preact'

/** What a component shows between its tags: text, elements, lists of them. */
export type Contenu = ComponentChildren

/** A link: its words and its address. Addresses pass through `safeUrl`. */
export interface Lien {
  texte: string
  href: string
}

/** What every form field knows. Its id is its name, its hint is `name-hint`, its error `name-error`. */
export interface FieldProps {
  name: string
  label: Contenu
  hint?: Contenu
  /** What is wrong and what to write instead, in one sentence. */
  error?: string | undefined
  /** Adds « (facultatif) » to the label: what is not marked is required. */
  optional?: boolean | undefined
}

/** One state of a component, shown on the page of components and checked by the tests. */
export interface Example {
  nom: string
  description: string
  rendu: VNode
}
