import type { VNode } from 'preact'
import { Actions, Button, Form, Tag, type Tone } from '../../../../ui/index.ts'

export interface AvisVu {
  readonly id: string
  readonly expert: string
  readonly etat: { readonly mots: string; readonly ton: Tone }
  readonly question: string
  /** « Demandé le …, confidentiel ». */
  readonly details: string
  readonly texte: string | undefined
  readonly fichier: { readonly nom: string; readonly href: string } | undefined
  readonly peutRelancer: boolean
  readonly peutRetirer: boolean
}

/** The opinions asked on a dossier, and what came back. */
export function AvisDemandes(props: {
  avis: readonly AvisVu[]
  href: string
  jeton: string
  cle: string
  version: number
  demander: string | undefined
}): VNode | null {
  const { avis, href, jeton, cle, version, demander } = props
  if (avis.length === 0 && !demander) return null
  return (
    <section>
      <h2 id="avis">Avis</h2>
      {avis.map(({ id, expert, etat, question, details, texte, fichier, peutRelancer, peutRetirer }) => (
        <article key={id}>
          <h3>
            {expert} <Tag tone={etat.ton}>{etat.mots}</Tag>
          </h3>
          <p class="plain">{question}</p>
          {texte && <blockquote class="plain">{texte}</blockquote>}
          {fichier && (
            <p>
              <a href={fichier.href}>{fichier.nom}</a>
            </p>
          )}
          <p class="hint">{details}</p>
          {peutRetirer && (
            <Actions>
              {[...(peutRelancer ? [['rappel', 'Relancer']] : []), ['retrait', 'Retirer la demande']].map(([chemin, texteDuBouton]) => (
                <Form
                  key={chemin}
                  action={`${href}/avis/${id}/${chemin}`}
                  jeton={jeton}
                  cle={`${cle}-${id.slice(-6)}-${chemin}`}
                  label={`${texteDuBouton} : ${expert}`}
                >
                  <input type="hidden" name="version" value={version} />
                  <Button tone="quiet">{texteDuBouton}</Button>
                </Form>
              ))}
            </Actions>
          )}
        </article>
      ))}
      {demander && (
        <p>
          <a href={demander}>Demander un avis</a>
        </p>
      )}
    </section>
  )
}
