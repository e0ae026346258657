import type { VNode } from 'preact'
import type { App } from '../../../platform/app.ts'
import { renderDocument } from '../../../platform/html/render.ts'
import type { Tenant } from '../../../platform/http/route.ts'
import type { Refusal } from '../../../platform/refusal.ts'
import { ContactBlock, Copyable, Page } from '../../../ui/index.ts'
import { assetsDe, type Collectivite, lieuDe } from '../../territoire/index.ts'

const TITRES: Readonly<Record<number, string>> = {
  400: 'Demande mal écrite',
  401: 'Connexion nécessaire',
  403: 'Action refusée',
  404: 'Page introuvable',
  409: 'La page a changé',
  410: 'Ce n’est plus possible',
  413: 'Envoi trop lourd',
  415: 'Envoi non accepté',
  422: 'Réponse à revoir',
  429: 'Trop d’essais',
  503: 'Service indisponible',
}

/** What an error page may add: the reference of an accident, what was typed. */
export interface ErrorExtra {
  readonly reference?: string
  readonly kept?: Readonly<Record<string, string | string[]>>
}

/**
 * The page of a refusal: the sentence, the reference, the telephone, what was typed. Reads no database, since the database may be what is
 * missing. The page of 404 takes nothing from the request: unknown commune, unknown page and foreign dossier give the same bytes.
 */
export function errorPage(app: App, tenant: Tenant | undefined, refusal: Refusal, extra: ErrorExtra): string {
  const collectivite = refusal.status === 404 ? undefined : (tenant as Collectivite | undefined)
  const { reference, kept } = refusal.status === 404 ? ({} as ErrorExtra) : extra
  return renderDocument(
    <Page
      title={TITRES[refusal.status] ?? 'Une erreur s’est produite'}
      noindex
      lieu={lieuDe(app, collectivite?.nom ?? 'Parvis', collectivite)}
      assets={assetsDe(app, collectivite)}
    >
      <p>{refusal.sentence}</p>
      {reference && (
        <p>
          Référence à donner : <Copyable>{reference}</Copyable>
        </p>
      )}
      {kept && <DejaEcrit kept={kept} />}
      {collectivite?.reglage.telephone && <ContactBlock titre="Besoin d’aide ?" telephone={collectivite.reglage.telephone} />}
      <p>
        <a href={collectivite?.base || '/'}>Revenir à l’accueil</a>
      </p>
    </Page>,
  )
}

/** What was typed, as one text to copy: nothing is lost, whatever its length. */
function DejaEcrit({ kept }: { kept: NonNullable<ErrorExtra['kept']> }): VNode | null {
  const lines = Object.entries(kept)
    .map(([name, value]) => [enMots(name), [value].flat().join(', ')] as const)
    .filter(([, value]) => value.trim() !== '')
  if (lines.length === 0) return null
  return (
    <>
      <h2>Ce que vous aviez écrit</h2>
      <p>Vous pouvez le copier, pour ne pas le perdre.</p>
      <p class="plain">{lines.map(([name, value]) => `${name} : ${value}`).join('\n')}</p>
    </>
  )
}

/** `demandeurNom` → « Demandeur nom »: names of fields are written to be read. */
function enMots(name: string): string {
  const words = name
    .replace(/[._-]+/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
