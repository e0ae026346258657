import type { VNode } from 'preact'

interface CarteProps {
  /** A plan of 400 × 250 drawn by the server. */
  src: string
  /** The place in words, and its coordinates: whoever does not see the plan knows as much. */
  alt: string
}

/** A small plan that shows where a place is. */
export function Carte({ src, alt }: CarteProps): VNode {
  return <img class="carte" src={src} alt={alt} width="400" height="250" loading="lazy" />
}
