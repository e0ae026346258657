import type { VNode } from 'preact'
import { LinkList, SearchBox } from '../../../ui/index.ts'

export interface AccueilTerritoireProps {
  readonly total: number
  /** All the communes, or none when they are too many to be listed. */
  readonly communes: readonly { readonly nom: string; readonly href: string }[]
  readonly intercommunalites: readonly { readonly nom: string; readonly href: string }[]
}

/** The search that begins a territory's home. */
export function TrouverSaCommune({ value, large }: { value?: string | undefined; large?: boolean | undefined }): VNode {
  return (
    <SearchBox
      action="/recherche"
      label="Trouvez votre commune"
      hint="Un nom de commune, un ancien nom ou un code postal."
      value={value}
      large={large}
    />
  )
}

/** The territory's home, under the search: the communes, and what can be done. */
export function AccueilTerritoire({ total, communes, intercommunalites }: AccueilTerritoireProps): VNode {
  return (
    <>
      <h2>{total === 1 ? 'Une commune est ouverte ici' : `${total.toLocaleString('fr-FR')} communes sont ouvertes ici`}</h2>
      {communes.length > 0 ? (
        <ul class="toc">
          {communes.map(({ nom, href }) => (
            <li key={href}>
              <a href={href}>{nom}</a>
            </li>
          ))}
        </ul>
      ) : (
        total > 0 && <p>Elles sont trop nombreuses pour être listées. Cherchez la vôtre ci-dessus.</p>
      )}
      {intercommunalites.length > 0 && (
        <>
          <h2>Votre intercommunalité</h2>
          <LinkList items={intercommunalites.map(({ nom, href }) => ({ texte: nom, href }))} />
        </>
      )}
      <h2>Ce que vous pouvez faire</h2>
      <div class="groups">
        <section>
          <h3>Faire une démarche</h3>
          <p>Choisissez votre commune, puis la démarche. Il n’y a pas de compte à créer.</p>
        </section>
        <section>
          <h3>Suivre une demande</h3>
          <p>Choisissez la commune qui a reçu votre demande. Gardez la référence et le code de suivi sous la main.</p>
        </section>
        <section>
          <h3>Être aidé</h3>
          <p>
            Personne n’est obligé de passer par internet. <a href="/aide">Voir comment faire autrement</a>
          </p>
        </section>
      </div>
    </>
  )
}
