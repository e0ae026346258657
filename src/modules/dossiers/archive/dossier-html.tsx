import type { VNode } from 'preact'
import { renderDocument } from '../../../platform/html/render.ts'

/** A dossier in words, for a page that is read without the program. */
export interface DossierEcrit {
  readonly collectivite: string
  readonly titre: string
  readonly reference: string
  readonly faits: readonly Ligne[]
  readonly sections: readonly { readonly titre: string; readonly lignes: readonly LigneEcrite[] }[]
  /** Only when an agent asked for them. */
  readonly annotations: readonly { readonly titre: string; readonly lignes: readonly LigneEcrite[] }[] | undefined
  readonly documents: readonly { readonly texte: string; readonly href: string | undefined }[]
  readonly messages: readonly {
    readonly qui: string
    readonly quand: string
    readonly texte: string
    readonly fichiers: readonly Fichier[]
  }[]
  readonly avis: readonly { readonly question: string; readonly qui: string; readonly reponse: string }[]
  readonly historique: readonly { readonly quand: string; readonly quoi: string; readonly qui: string; readonly motif: string }[]
  /** Files that are not in the archive, and why. */
  readonly absents: readonly { readonly nom: string; readonly raison: string }[]
  readonly le: string
}

interface Ligne {
  readonly cle: string
  readonly valeur: string
}

interface LigneEcrite extends Ligne {
  readonly fichiers: readonly Fichier[]
}

interface Fichier {
  readonly nom: string
  /** Beside this page; undefined when it is not there. */
  readonly href: string | undefined
}

// No character that HTML escapes: a style sheet is not text (HTML, §13.2.5.2).
const STYLE = `body{font:1rem/1.5 system-ui,sans-serif;color:#111;background:#fff;max-width:50rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2rem;border-bottom:1px solid #767676}
dl{margin:0}dl div{display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;gap:1rem;padding:.35rem 0;border-bottom:1px solid #ddd}
dt{font-weight:600}dd{margin:0;white-space:pre-line;overflow-wrap:anywhere}.plain{white-space:pre-line;overflow-wrap:anywhere}
.soft{color:#555}a{color:#00458b}
@media (max-width:30rem){dl div{display:block}}
@media print{body{max-width:none;margin:0;font-size:10.5pt}h2{break-after:avoid}dl div,li,article{break-inside:avoid}a{color:inherit}}`

/** The page as a whole document: nothing comes from elsewhere, it is read and printed as it is. */
export const ecrireDossier = (dossier: DossierEcrit): string => renderDocument(<Dossier {...dossier} />)

function Dossier(dossier: DossierEcrit): VNode {
  const { collectivite, titre, reference, faits, sections, annotations, le } = dossier
  return (
    <html lang="fr">
      <head>
        <meta charset="utf-8" />
        <title>{`${reference} – ${titre}`}</title>
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <style>{STYLE}</style>
      </head>
      <body>
        <main>
          <p class="soft">{collectivite}</p>
          <h1>
            {titre}, {reference}
          </h1>
          <Lignes lignes={faits.map(fait => ({ ...fait, fichiers: [] }))} />
          {sections.map((section, rang) => (
            <section key={`${rang} ${section.titre}`}>
              <h2>{section.titre}</h2>
              <Lignes lignes={section.lignes} />
            </section>
          ))}
          {annotations?.map(section => (
            <section key={section.titre}>
              <h2>{`Annotations des agents : ${section.titre}`}</h2>
              <Lignes lignes={section.lignes} />
            </section>
          ))}
          <Suite {...dossier} />
          <p class="soft">{`Copie faite le ${le}.`}</p>
        </main>
      </body>
    </html>
  )
}

function Lignes({ lignes }: { lignes: readonly LigneEcrite[] }): VNode | null {
  if (lignes.length === 0) return <p class="soft">Aucune réponse.</p>
  return (
    <dl>
      {lignes.map(({ cle, valeur, fichiers }, rang) => (
        <div key={`${rang} ${cle}`}>
          <dt>{cle}</dt>
          <dd>{fichiers.length > 0 ? <Fichiers fichiers={fichiers} /> : valeur || <span class="soft">Non renseigné</span>}</dd>
        </div>
      ))}
    </dl>
  )
}

function Fichiers({ fichiers }: { fichiers: readonly Fichier[] }): VNode {
  return (
    <ul>
      {fichiers.map(({ nom, href }, rang) => (
        <li key={`${rang} ${nom}`}>{href ? <a href={href}>{nom}</a> : nom}</li>
      ))}
    </ul>
  )
}

function Suite({ documents, messages, avis, historique, absents }: DossierEcrit): VNode {
  return (
    <>
      {documents.length > 0 && (
        <section>
          <h2>Documents établis</h2>
          <Fichiers fichiers={documents.map(({ texte, href }) => ({ nom: texte, href }))} />
        </section>
      )}
      {messages.length > 0 && (
        <section>
          <h2>Messages</h2>
          {messages.map(({ qui, quand, texte, fichiers }, rang) => (
            <article key={`${rang} ${quand}`}>
              <h3>{`${qui}, ${quand}`}</h3>
              <p class="plain">{texte}</p>
              {fichiers.length > 0 && <Fichiers fichiers={fichiers} />}
            </article>
          ))}
        </section>
      )}
      {avis.length > 0 && (
        <section>
          <h2>Avis rendus</h2>
          <Lignes lignes={avis.map(({ question, qui, reponse }) => ({ cle: question, valeur: `${qui}\n${reponse}`, fichiers: [] }))} />
        </section>
      )}
      <section>
        <h2>Historique</h2>
        <ol>
          {historique.map(({ quand, quoi, qui, motif }, rang) => (
            <li key={`${rang} ${quand}`}>
              {`${quand} : ${quoi} (${qui})`}
              {motif && <p class="plain">{motif}</p>}
            </li>
          ))}
        </ol>
      </section>
      {absents.length > 0 && (
        <section>
          <h2>Fichiers absents de cette copie</h2>
          <ul>
            {absents.map(({ nom, raison }, rang) => (
              <li key={`${rang} ${nom}`}>{`${nom} : ${raison}`}</li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}
