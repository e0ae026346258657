import type { VNode } from 'preact'
import { EmptyState, KeyFigures, Pagination, Table } from '../../../../ui/index.ts'

/** What silence will decide; what the law has decided and nobody has answered; what it has decided by itself. */
export type VueDuSilence = 'a-venir' | 'passees' | 'decidees'

/** A dossier that silence decides, in words. */
export interface DossierSilencieux {
  readonly href: string
  readonly nom: string
  readonly demarche: string
  readonly jour: string
  readonly effet: 'acceptation' | 'rejet'
  /** Whether the decision is taken by itself; otherwise the law decides, and the dossier waits for an answer. */
  readonly isAutomatic: boolean
  readonly enCharge: string
}

export interface EcheancesProps {
  readonly vue: VueDuSilence
  readonly chiffres: readonly { readonly vue: VueDuSilence; readonly nombre: string; readonly href: string }[]
  readonly total: string
  readonly dossiers: readonly DossierSilencieux[]
  readonly page: number
  readonly pages: number
  readonly hrefDePage: (page: number) => string
}

const MOTS: Readonly<Record<VueDuSilence, { libelle: string; titre: string; explication: string; vide: string }>> = {
  'a-venir': {
    libelle: 'Dans les 15 jours',
    titre: 'Ce que le silence va décider',
    explication:
      'Sans réponse avant ce jour, la loi décide à votre place. Répondez avant, ou demandez ce qui manque : le délai s’arrête alors.',
    vide: 'Aucune demande n’arrive au bout de son délai dans les 15 jours.',
  },
  passees: {
    libelle: 'Délai passé, à répondre',
    titre: 'Ce que la loi a décidé, et que personne n’a dit',
    explication:
      'Le délai est passé depuis 15 jours au plus. Pour ces démarches, rien n’est automatique : la personne attend votre réponse, ou son attestation.',
    vide: 'Aucun délai n’est passé sans réponse ces 15 derniers jours.',
  },
  decidees: {
    libelle: 'Décidé par le silence',
    titre: 'Ce que le silence a décidé',
    explication: 'Ces 15 derniers jours, sans réponse, ces demandes ont été décidées d’elles-mêmes. La personne a reçu son document.',
    vide: 'Le silence n’a rien décidé de lui-même ces 15 derniers jours.',
  },
}

/** What silence decides, by day: three lists, one shown. */
export function EcheancesDuSilence({ vue, chiffres, total, dossiers, page, pages, hrefDePage }: EcheancesProps): VNode {
  const { titre, explication, vide } = MOTS[vue]
  return (
    <>
      <KeyFigures
        figures={chiffres.map(one => ({
          libelle: MOTS[one.vue].libelle,
          valeur: (
            <a href={one.href} aria-label={`${MOTS[one.vue].libelle} : ${one.nombre}`} aria-current={one.vue === vue ? 'page' : undefined}>
              {one.nombre}
            </a>
          ),
        }))}
      />
      <h2>{titre}</h2>
      <p>{explication}</p>
      {dossiers.length === 0 ? (
        <EmptyState titre="Rien dans cette liste">{vide}</EmptyState>
      ) : (
        <Table
          caption={`${titre} (${total})`}
          captionHidden
          rows={dossiers}
          rowKey={({ href }) => href}
          columns={[
            { titre: 'Demande', cellule: ({ href, nom }) => <a href={href}>{nom}</a> },
            { titre: 'Démarche', cellule: ({ demarche }) => demarche },
            { titre: 'Jour', cellule: ({ jour }) => jour },
            { titre: 'Effet', cellule: effetEnMots },
            { titre: 'En charge', cellule: ({ enCharge }) => enCharge },
          ]}
        />
      )}
      <Pagination page={page} pages={pages} href={hrefDePage} total={total} />
    </>
  )
}

const effetEnMots = ({ effet, isAutomatic }: DossierSilencieux): string =>
  `${effet === 'acceptation' ? 'Acceptée' : 'Refusée'} ${isAutomatic ? 'd’elle-même' : 'par la loi, sans rien d’automatique'}`
