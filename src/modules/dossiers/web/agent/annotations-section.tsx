import type { VNode } from 'preact'
import { Actions, Button, Details, Form } from '../../../../ui/index.ts'
import {
  ChampsDeLEtape,
  type Env,
  type Erreur,
  type Etape,
  type Formulaire,
  type Reponses,
  type Saisie,
} from '../../../formulaires/index.ts'

export interface AnnotationsVues {
  readonly formulaire: Formulaire
  readonly reponses: Reponses
  readonly env: Env
  readonly etapes: readonly { readonly etape: Etape; readonly manque: number }[]
  /** What was typed on an étape and refused. */
  readonly refusee: { readonly etape: string; readonly saisie: Saisie; readonly erreurs: readonly Erreur[] } | undefined
  /** Where a piece noted by agents is read. */
  readonly peutAnnoter: boolean
}

/** What agents note on the dossier: the étapes of the form reserved to them, each with its button. */
export function Annotations(props: {
  annotations: AnnotationsVues | undefined
  href: string
  jeton: string
  cle: string
  version: number
  recherche: string
}): VNode | null {
  const { annotations, href, jeton, cle, version, recherche } = props
  if (!annotations) return null
  const { formulaire, reponses, env, etapes, refusee, peutAnnoter } = annotations
  return (
    <section>
      <h2 id="annotations">Annotations des agents</h2>
      <p class="hint">La personne qui a fait la demande ne les voit jamais.</p>
      {etapes.map(({ etape, manque }, rang) => {
        const action = `${href}/annotations/${etape.id}`
        const mine = refusee?.etape === etape.id ? refusee : undefined
        return (
          <Details
            key={etape.id}
            titre={`${etape.titre}${manque > 0 ? ` (${manque} à compléter)` : ''}`}
            open={manque > 0 || mine !== undefined}
          >
            {etape.intro && <p>{etape.intro}</p>}
            <Form
              action={action}
              jeton={jeton}
              cle={`${cle}-a${rang}`}
              multipart={etape.champs.some(({ type }) => type === 'piece')}
              label={etape.titre}
            >
              <input type="hidden" name="version" value={version} />
              <ChampsDeLEtape
                formulaire={formulaire}
                etape={etape}
                reponses={reponses}
                env={env}
                saisie={mine?.saisie}
                erreurs={mine?.erreurs}
                retirerPiece={action}
                recherche={recherche}
              />
              {peutAnnoter && (
                <Actions>
                  <Button tone="secondary">Enregistrer ces annotations</Button>
                </Actions>
              )}
            </Form>
          </Details>
        )
      })}
    </section>
  )
}
