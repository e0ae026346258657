import type { VNode } from 'preact'
import { EmptyState, KeyFigures, Refreshed, Table } from '../../../../ui/index.ts'
import { type Resume, somme } from '../../chiffres.ts'
import { enJours, enPart, MOTS, moisEnMots } from '../chiffres-mots.ts'
import { Barres } from './barres.tsx'

export interface LigneDeChiffres {
  readonly id: string
  readonly titre: string
  readonly href: string
  readonly resume: Resume
}

const note = ({ avis }: Resume): string =>
  avis ? `${avis.moyenne.toLocaleString('fr-FR', { maximumFractionDigits: 1 })} (${avis.nombre})` : '–'

/** The démarches of a collectivité, one a row, over twelve months. */
export function Chiffres({ lignes, csv, calcule }: { lignes: readonly LigneDeChiffres[]; csv: string; calcule: string }): VNode {
  if (lignes.length === 0)
    return (
      <Refreshed id="chiffres">
        <EmptyState titre="Aucune demande depuis un an" />
      </Refreshed>
    )
  return (
    <Refreshed id="chiffres">
      <p>{`Sur douze mois. ${calcule}`}</p>
      <Table<LigneDeChiffres>
        caption="Chiffres des démarches"
        captionHidden
        rows={lignes}
        rowKey={({ id }) => id}
        columns={[
          { titre: 'Démarche', cellule: ({ titre, href }) => <a href={href}>{titre}</a> },
          { titre: 'Déposées', cellule: ({ resume }) => resume.depots, nombre: true },
          { titre: 'Décidées', cellule: ({ resume }) => resume.decisions, nombre: true },
          { titre: 'Délai médian', cellule: ({ resume }) => enJours(resume.mediane), nombre: true },
          { titre: '9 sur 10', cellule: ({ resume }) => enJours(resume.neufDixiemes), nombre: true },
          { titre: 'Refusées', cellule: ({ resume }) => enPart(resume.parIssue.refuse ?? 0, resume.decisions), nombre: true },
          { titre: 'Par le silence', cellule: ({ resume }) => resume.parIssue.silence ?? 0, nombre: true },
          { titre: 'Corrigées', cellule: ({ resume }) => enPart(resume.corrections.avec ?? 0, somme(resume.corrections)), nombre: true },
          { titre: 'Avis sur 5', cellule: ({ resume }) => note(resume), nombre: true },
        ]}
      />
      <p>
        <a href={csv}>Enregistrer le détail par mois (CSV)</a>
      </p>
    </Refreshed>
  )
}

/** While the first figures are counted: with script the page looks again by itself. */
export const ChiffresAttendus = ({ recharger }: { recharger: string }): VNode => (
  <Refreshed id="chiffres" seconds={3}>
    <p>Les chiffres se calculent pour la première fois. Comptez une minute ; ensuite, ils sont refaits chaque nuit.</p>
    <p>
      <a href={recharger}>Recharger la page</a>
    </p>
  </Refreshed>
)

export interface ChiffresDUneDemarche {
  readonly resume: Resume
  readonly mois: readonly { readonly mois: string; readonly resume: Resume }[]
  /** Étapes of the form, in order: id and title. */
  readonly etapes: readonly { readonly id: string; readonly titre: string }[]
  readonly calcule: string
}

const parts = (counts: Readonly<Record<string, number>>) => Object.entries(counts).sort(([, a], [, b]) => b - a)

/** One démarche, month by month: each picture beside its table. */
export function ChiffresDeLaDemarche({ resume, mois, etapes, calcule }: ChiffresDUneDemarche): VNode {
  return (
    <Refreshed id="chiffres">
      <p>{`Sur douze mois. ${calcule}`}</p>
      <KeyFigures
        figures={[
          { libelle: 'Déposées', valeur: resume.depots },
          { libelle: 'Décidées', valeur: resume.decisions },
          { libelle: 'Délai médian', valeur: enJours(resume.mediane), detail: `9 sur 10 : ${enJours(resume.neufDixiemes)}` },
          { libelle: 'Avis sur 5', valeur: note(resume) },
        ]}
      />
      <h2>Mois par mois</h2>
      <Barres valeurs={mois.map(m => m.resume.depots)} />
      <Table
        caption="Demandes déposées et décidées, par mois"
        rows={mois}
        rowKey={m => m.mois}
        columns={[
          { titre: 'Mois', cellule: m => moisEnMots(m.mois) },
          { titre: 'Déposées', cellule: m => m.resume.depots, nombre: true },
          {
            titre: 'Par où',
            cellule: m =>
              parts(m.resume.parCanal)
                .map(([canal, n]) => `${n} ${MOTS[canal] ?? canal}`)
                .join(', ') || '–',
          },
          { titre: 'Décidées', cellule: m => m.resume.decisions, nombre: true },
          { titre: 'Délai médian', cellule: m => enJours(m.resume.mediane), nombre: true },
          { titre: 'Corrigées', cellule: m => m.resume.corrections.avec ?? 0, nombre: true },
        ]}
      />
      <h2>Les réponses</h2>
      <Reponses resume={resume} />
      <h2>Où l’on s’arrête</h2>
      <p>Dernière étape enregistrée : des brouillons effacés après trois mois, et de ceux laissés depuis une semaine.</p>
      <Table
        caption="Brouillons par étape"
        captionHidden
        rows={[{ id: 'debut', titre: 'Dès la première page' }, ...etapes]}
        rowKey={({ id }) => id}
        columns={[
          { titre: 'Étape', cellule: ({ titre }) => titre },
          { titre: 'Effacés', cellule: ({ id }) => resume.abandons[id] ?? 0, nombre: true },
          { titre: 'Laissés', cellule: ({ id }) => resume.brouillons[id] ?? 0, nombre: true },
        ]}
      />
    </Refreshed>
  )
}

function Reponses({ resume }: { resume: Resume }): VNode {
  const issues = parts(resume.parIssue)
  // A table without a row says nothing to the eye, and is none for a screen reader.
  if (issues.length === 0) return <p>Aucune demande décidée.</p>
  return (
    <Table
      caption="Réponses données"
      captionHidden
      rows={issues}
      rowKey={([issue]) => issue}
      columns={[
        { titre: 'Réponse', cellule: ([issue]) => MOTS[issue] ?? issue },
        { titre: 'Nombre', cellule: ([, n]) => n, nombre: true },
        { titre: 'Part', cellule: ([, n]) => enPart(n, resume.decisions), nombre: true },
      ]}
    />
  )
}
