import type { VNode } from 'preact'
import {
  Actions,
  Button,
  ErrorSummary,
  type FieldError,
  FileInput,
  Form,
  LinkList,
  Notice,
  Radios,
  SummaryList,
  type SummaryRow,
  Textarea,
} from '../../../../ui/index.ts'
import { Recapitulatif, type SectionRecapitulatif } from '../../../formulaires/index.ts'
import { FICHIERS_ADMIS } from '../fichiers-joints.ts'

export interface AvisProps {
  readonly action: string
  readonly jeton: string
  readonly cle: string
  readonly faits: readonly SummaryRow[]
  readonly question: string
  readonly nature: 'oui_non' | 'libre'
  readonly sections: readonly SectionRecapitulatif[]
  readonly documents: readonly { readonly texte: string; readonly href: string }[]
  /** What was given already, and when. */
  readonly rendu: string | undefined
  readonly estMontre: boolean
  readonly estClos: boolean
  readonly vientDEtreEnvoye: boolean
  readonly erreurs: readonly FieldError[]
  readonly saisie: { readonly reponse: string; readonly texte: string; readonly piece: string | undefined }
}

const OUI_NON = [
  { value: 'oui', label: 'Oui' },
  { value: 'non', label: 'Non' },
]

/** What is asked of someone who has only a link, what they may see, and their answer. */
export function PageDAvis(props: AvisProps): VNode {
  const { question, sections, documents, rendu, estClos } = props
  return (
    <>
      {props.vientDEtreEnvoye && (
        <Notice tone="succes" live>
          Merci, votre avis est enregistré. Vous pouvez fermer cette page.
        </Notice>
      )}
      <ErrorSummary errors={props.erreurs} />
      <SummaryList rows={props.faits} />
      <h2>La question</h2>
      <p class="plain">{question}</p>
      <Recapitulatif sections={sections} />
      {documents.length > 0 && (
        <section>
          <h2>Documents</h2>
          <LinkList items={documents} />
        </section>
      )}
      {sections.length + documents.length === 0 && <p>Aucune information du dossier n’est jointe à cette question.</p>}
      <h2 id="repondre">Votre avis</h2>
      {rendu && <p>{rendu}</p>}
      {estClos ? <p>La décision est rendue : votre avis ne peut plus changer. Merci.</p> : <Reponse {...props} />}
    </>
  )
}

function Reponse({ action, jeton, cle, nature, rendu, estMontre, erreurs, saisie }: AvisProps): VNode {
  const erreur = (champ: string) => erreurs.find(one => one.champ === champ)?.message
  return (
    <Form action={action} jeton={jeton} cle={cle} multipart>
      <p class="hint">
        {estMontre
          ? 'La personne qui a fait la demande pourra lire votre réponse.'
          : 'Votre réponse est pour les agents ; la personne qui a fait la demande ne la lit pas dans son suivi.'}
      </p>
      {nature === 'oui_non' && (
        <Radios name="reponse" label="Votre réponse" options={OUI_NON} value={saisie.reponse} inline error={erreur('reponse')} />
      )}
      <Textarea
        name="texte"
        label={nature === 'oui_non' ? 'Explication' : 'Votre réponse'}
        value={saisie.texte}
        rows={6}
        maximum={4000}
        optional={nature === 'oui_non'}
        error={erreur('texte')}
      />
      {saisie.piece && <p>{`Fichier déjà reçu : ${saisie.piece}. Un autre le remplacera.`}</p>}
      <FileInput name="fichier" label="Un fichier" {...FICHIERS_ADMIS} optional error={erreur('fichier')} />
      <Actions>
        <Button>{rendu ? 'Corriger mon avis' : 'Envoyer mon avis'}</Button>
      </Actions>
    </Form>
  )
}
