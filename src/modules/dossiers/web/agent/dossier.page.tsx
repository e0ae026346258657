import type { VNode } from 'preact'
import {
  Columns,
  ContactBlock,
  ErrorSummary,
  Notice,
  type SelectOption,
  SummaryList,
  type SummaryRow,
  Tag,
  type TimelineEvent,
  type Tone,
  type ViewerProps,
} from '../../../../ui/index.ts'
import { Recapitulatif, type RecapitulatifProps, type SectionRecapitulatif } from '../../../formulaires/index.ts'
import { Annotations, type AnnotationsVues } from './annotations-section.tsx'
import { AvisDemandes, type AvisVu } from './avis-section.tsx'
import { Autres, Delais, type DelaiVu, Documents, type DocumentVu, Envois, type EnvoiVu, Historique } from './dossier-cote.tsx'
import { Actes, type ActesProps, Corrections, type CorrectionVue, Echanges, type EchangesProps, Pieces } from './dossier-sections.tsx'
import { EtiquettesDuDossier, type EtiquetteVue } from './etiquettes.page.tsx'

export interface DossierVu extends ActesProps, EchangesProps {
  readonly etat: { readonly mots: string; readonly ton: Tone }
  readonly faits: readonly SummaryRow[]
  readonly contact: {
    readonly nom: string
    readonly adresse: readonly string[]
    readonly telephone: string | undefined
    readonly courriel: string | undefined
  }
  /** The dossiers before and after in the list that the agent came from. */
  readonly voisins: { readonly avant: string | undefined; readonly apres: string | undefined; readonly liste: string } | undefined
  readonly reponses: readonly SectionRecapitulatif[]
  /** Where an answer comes from when the person did not type it. */
  readonly provenance: RecapitulatifProps['provenance']
  /** Where the plan around a place is drawn. */
  readonly recherche: string
  readonly pieces: readonly ViewerProps[]
  readonly corrections: readonly CorrectionVue[]
  readonly annotations: AnnotationsVues | undefined
  readonly etiquettes: readonly EtiquetteVue[]
  readonly possibles: readonly SelectOption[]
  readonly peutEtiqueter: boolean
  readonly avis: readonly AvisVu[]
  /** Where an opinion is asked, when it may be. */
  readonly demanderAvis: string | undefined
  readonly delais: readonly DelaiVu[]
  readonly documents: readonly DocumentVu[]
  readonly autres: readonly { readonly texte: string; readonly href: string; readonly description: string }[]
  readonly historique: readonly TimelineEvent[]
  readonly envois: readonly EnvoiVu[]
  /** Where a letter is written, by who may. */
  readonly ecrireUnCourrier: string | undefined
  /** Where a new code is given to the person, by who may. */
  readonly donnerUnCode: string | undefined
  /** Where the address of the person is corrected, when messages do not arrive there. */
  readonly corrigerLeCourriel: string | undefined
  readonly fait: string | undefined
}

/** Everything about a dossier on one page, and what can be done with it now. */
export function DossierDeLAgent(dossier: DossierVu): VNode {
  const { erreurs, fait, etat, faits, reponses, href, contact } = dossier
  return (
    <>
      <ErrorSummary errors={erreurs} />
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      <Columns>
        <div>
          <SummaryList rows={[{ cle: 'État', valeur: <Tag tone={etat.ton}>{etat.mots}</Tag> }, ...faits]} />
          <Actes {...dossier} />
          <Sommaire {...dossier} />
          <Corrections corrections={dossier.corrections} />
          <div id="reponses">
            <Recapitulatif
              sections={reponses}
              pieceHref={id => `${href}/pieces/${id}`}
              provenance={dossier.provenance}
              recherche={dossier.recherche}
            />
          </div>
          <Pieces pieces={dossier.pieces} />
          <Annotations {...dossier} />
          <AvisDemandes {...dossier} demander={dossier.demanderAvis} />
          <Echanges {...dossier} />
        </div>
        <div>
          <ContactBlock
            titre={contact.nom}
            {...contact}
            lien={dossier.donnerUnCode ? { texte: 'Donner un nouveau code à la personne', href: dossier.donnerUnCode } : undefined}
          />
          <EtiquettesDuDossier {...dossier} />
          <Delais delais={dossier.delais} />
          <Documents
            documents={dossier.documents}
            ecrire={dossier.ecrireUnCourrier}
            archive={`${dossier.href}/archive`}
            annote={dossier.annotations !== undefined}
          />
          <Autres autres={dossier.autres} />
          <Envois envois={dossier.envois} corriger={dossier.corrigerLeCourriel} />
          <Historique evenements={dossier.historique} />
        </div>
      </Columns>
    </>
  )
}

/** The sections of the page, and the dossiers beside it in the list. */
function Sommaire(dossier: DossierVu): VNode {
  const { voisins } = dossier
  const sections: readonly (readonly [shown: boolean, id: string, texte: string])[] = [
    [dossier.corrections.length > 0, 'corrections', 'Corrections'],
    [true, 'reponses', 'Réponses'],
    [dossier.pieces.length > 0, 'pieces', 'Documents joints'],
    [dossier.annotations !== undefined, 'annotations', 'Annotations'],
    [dossier.avis.length > 0 || dossier.demanderAvis !== undefined, 'avis', 'Avis'],
    [true, 'messages', 'Messages'],
    [dossier.delais.length > 0, 'delais', 'Délais'],
    [true, 'historique', 'Historique'],
  ]
  return (
    <>
      <nav aria-label="Dans ce dossier">
        <ul class="toc">
          {sections.map(
            ([shown, id, texte]) =>
              shown && (
                <li key={id}>
                  <a href={`#${id}`}>{texte}</a>
                </li>
              ),
          )}
        </ul>
      </nav>
      {voisins && (
        <nav aria-label="Dans la liste">
          <ul class="toc">
            {voisins.avant && (
              <li>
                <a href={voisins.avant} rel="prev">
                  Dossier précédent
                </a>
              </li>
            )}
            <li>
              <a href={voisins.liste}>Revenir à la liste</a>
            </li>
            {voisins.apres && (
              <li>
                <a href={voisins.apres} rel="next">
                  Dossier suivant
                </a>
              </li>
            )}
          </ul>
        </nav>
      )}
    </>
  )
}
