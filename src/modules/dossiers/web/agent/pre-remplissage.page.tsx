import type { VNode } from 'preact'
import { Actions, Button, ButtonLink, Copyable, ErrorSummary, type FieldError, Form, PrintButton, TextInput } from '../../../../ui/index.ts'
import { ChampsDeLEtape, type ChampsDeLEtapeProps, Recapitulatif, type RecapitulatifProps } from '../../../formulaires/index.ts'

export interface PreparationProps extends Pick<ChampsDeLEtapeProps, 'formulaire' | 'reponses' | 'env' | 'saisie' | 'erreurs'> {
  readonly action: string
  readonly jeton: string
  readonly cle: string
  readonly source: string
  readonly general: FieldError | undefined
}

/** The form that an agent fills in for someone else: what they know of it, and in whose name. */
export function Preparation({ action, jeton, cle, source, general, ...champs }: PreparationProps): VNode {
  const erreurs = [...(general ? [general] : []), ...(champs.erreurs ?? [])]
  return (
    <>
      <ErrorSummary errors={erreurs} />
      <p>
        Remplissez ce que vous savez, laissez le reste. Vous recevez un lien à transmettre : la personne y lit ces réponses, les vérifie,
        les complète et envoie elle-même sa demande.
      </p>
      <Form action={action} jeton={jeton} cle={cle}>
        <TextInput
          name="prepare-par"
          label="Réponses indiquées par"
          hint="La personne lira ce nom à côté de chaque réponse."
          value={source}
          error={general?.champ === 'prepare-par' ? general.message : undefined}
        />
        {champs.formulaire.etapes.map(etape => (
          <section key={etape.id}>
            <h2>{etape.titre}</h2>
            <ChampsDeLEtape {...champs} etape={etape} />
          </section>
        ))}
        <Actions>
          <Button>Préparer le lien</Button>
        </Actions>
      </Form>
    </>
  )
}

export interface LienPrepareProps {
  readonly lien: string
  /** `data:image/png…` */
  readonly image: string
  readonly source: string
  readonly jusquAu: string
  readonly sections: RecapitulatifProps['sections']
  readonly autre: string
}

/** A link ready to be given: to copy, or to print with its square. */
export function LienPrepare({ lien, image, source, jusquAu, sections, autre }: LienPrepareProps): VNode {
  return (
    <>
      <p>{`À transmettre à la personne, et à elle seule : qui ouvre ce lien lit ces réponses. Il s’ouvre jusqu’au ${jusquAu}.`}</p>
      <p>
        <Copyable>{lien}</Copyable>
      </p>
      <p>
        <img src={image} alt="Ce lien, à viser avec un téléphone" width="240" height="240" />
      </p>
      <Actions>
        <PrintButton />
        <ButtonLink href={autre} tone="secondary">
          Préparer un autre lien
        </ButtonLink>
      </Actions>
      <h2>{`Réponses indiquées par ${source}`}</h2>
      <Recapitulatif sections={sections} />
    </>
  )
}
