import type { VNode } from 'preact'
import { SummaryList } from '../../../ui/index.ts'
import type { LigneRecapitulatif, SectionRecapitulatif } from '../recapitulatif.ts'
import { Lignes } from './paragraphes.tsx'
import { PlanDuPoint } from './plan-du-point.tsx'

export interface RecapitulatifProps {
  sections: readonly SectionRecapitulatif[]
  /** Where an answer is changed; without it nothing can be. */
  changerHref?: ((ligne: LigneRecapitulatif) => string) | undefined
  /** Where an answer comes from when it was not typed. */
  provenance?: ((ligne: LigneRecapitulatif) => string | undefined) | undefined
  /** Where a file is read; without it only its name is shown. */
  pieceHref?: ((pieceId: string) => string) | undefined
  /** Where the plan around a place is drawn (`…/recherche`); without it only its words are shown. */
  recherche?: string | undefined
}

/** What was answered, section by section, for the check before filing, the follow-up and the agent. */
export function Recapitulatif({ sections, changerHref, pieceHref, provenance, recherche }: RecapitulatifProps): VNode {
  return (
    <>
      {sections
        .filter(({ lignes }) => lignes.length > 0)
        .map(section => (
          <section key={`${section.etape} ${section.rowId ?? ''}`}>
            <h2>{section.titre}</h2>
            <SummaryList
              rows={section.lignes.map(ligne => ({
                cle: ligne.libelle,
                valeur: <Valeur ligne={ligne} pieceHref={pieceHref} recherche={recherche} origine={provenance?.(ligne)} />,
                changer: changerHref && !ligne.estCalculee ? { texte: 'Modifier', href: changerHref(ligne) } : undefined,
              }))}
            />
          </section>
        ))}
    </>
  )
}

function Valeur({
  ligne,
  pieceHref,
  recherche,
  origine,
}: {
  ligne: LigneRecapitulatif
  pieceHref: RecapitulatifProps['pieceHref']
  recherche: RecapitulatifProps['recherche']
  origine: string | undefined
}): VNode {
  if (ligne.valeur === '') return <span class="hint">Non renseigné</span>
  if (origine || ligne.lieu)
    return (
      <>
        <Lignes texte={ligne.valeur} />
        {ligne.lieu && <PlanDuPoint point={ligne.lieu} mots={ligne.valeur} alerte={ligne.lieu.alerte} recherche={recherche} />}
        {origine && <p class="hint">{`Pré-rempli : ${origine}.`}</p>}
      </>
    )
  if (!ligne.pieces || !pieceHref) return <Lignes texte={ligne.valeur} />
  return (
    <ul>
      {ligne.pieces.map(({ id, nom }) => (
        <li key={id}>
          <a href={pieceHref(id)}>{nom}</a>
        </li>
      ))}
    </ul>
  )
}
