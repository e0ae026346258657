import type { VNode } from 'preact'
import { safeUrl } from '../../platform/html/safe-url.ts'
import type { Lien } from '../types.ts'

export interface Horaire {
  /** « Lundi », « Du mardi au vendredi ». */
  jours: string
  /** « 9 h – 12 h, 13 h 30 – 17 h ». */
  heures: string
}

export interface ContactBlockProps {
  /** The heading, a level 2. */
  titre: string
  /** One line a string. */
  adresse?: readonly string[] | undefined
  telephone?: string | undefined
  courriel?: string | undefined
  horaires?: readonly Horaire[] | undefined
  /** What may be done for who is reached there. */
  lien?: Lien | undefined
  /** Id of the section, to lead to it. */
  id?: string | undefined
}

/** How to reach the mairie. Only what is known: an unknown part has no line. */
export function ContactBlock({ titre, adresse = [], telephone, courriel, horaires = [], lien, id }: ContactBlockProps): VNode {
  return (
    <section class="contact" id={id}>
      <h2>{titre}</h2>
      {adresse.length > 0 && <address>{adresse.join('\n')}</address>}
      {telephone && (
        <p>
          <a href={telHref(telephone)}>{telephone}</a>
        </p>
      )}
      {courriel && (
        <p>
          <a href={`mailto:${courriel}`}>{courriel}</a>
        </p>
      )}
      {horaires.length > 0 && (
        <dl>
          {horaires.map(({ jours, heures }) => (
            <div key={jours}>
              <dt>{jours}</dt>
              <dd>{heures}</dd>
            </div>
          ))}
        </dl>
      )}
      {lien && (
        <p>
          <a href={safeUrl(lien.href)}>{lien.texte}</a>
        </p>
      )}
    </section>
  )
}

/** The `tel:` address of a number as it is read; a national French number gets its country (RFC 3966 §5.1.4 prefers global numbers). */
export function telHref(telephone: string): string {
  const digits = telephone.replace(/[^\d+]/g, '')
  return `tel:${/^0\d{9}$/.test(digits) ? `${indicatif(digits)}${digits.slice(1)}` : digits}`
}

// Overseas numbers keep their first figures behind a country code of their own (ARCEP, plan de numérotation).
function indicatif(digits: string): string {
  if (/^0(590|690|691)/.test(digits)) return '+590'
  if (/^0(594|694)/.test(digits)) return '+594'
  if (/^0(596|696|697)/.test(digits)) return '+596'
  if (/^0(262|692|693|269|639(?!98))/.test(digits)) return '+262'
  return '+33'
}
