import type { VNode } from 'preact'
import { Actions, Button, ErrorSummary, type FieldError, Form, Select, type SelectOption, Textarea } from '../../../../ui/index.ts'

export interface AttributionProps {
  readonly href: string
  readonly jeton: string
  readonly cle: string
  readonly version: number
  readonly erreurs: readonly FieldError[]
  /** Who handles it now, in words. */
  readonly enCharge: string
  readonly peutPrendre: boolean
  readonly agents: readonly SelectOption[]
  readonly agent: string
  readonly services: readonly SelectOption[]
  readonly service: string
  readonly motif: string
}

const erreurDe = (erreurs: readonly FieldError[], champ: string) => erreurs.find(erreur => erreur.champ === champ)?.message

/** Who handles a dossier: oneself, a colleague, nobody, another service. */
export function Attribution(props: AttributionProps): VNode {
  const { href, jeton, cle, version, erreurs, enCharge, agents, services } = props
  const cache = <input type="hidden" name="version" value={version} />
  return (
    <>
      <ErrorSummary errors={erreurs} />
      <p>{enCharge}</p>
      {props.peutPrendre && (
        <Form action={`${href}/attribution`} jeton={jeton} cle={`${cle}-moi`} label="Me l’attribuer">
          {cache}
          <input type="hidden" name="agent" value="moi" />
          <Actions>
            <Button>Me l’attribuer</Button>
          </Actions>
        </Form>
      )}
      <h2>À quelqu’un d’autre</h2>
      <Form action={`${href}/attribution`} jeton={jeton} cle={cle}>
        {cache}
        <Select
          name="agent"
          label="La personne en charge"
          hint="Les agents qui peuvent traiter ce dossier."
          vide="Personne pour l’instant"
          options={agents}
          value={props.agent}
          optional
          error={erreurDe(erreurs, 'agent')}
        />
        <Actions>
          <Button tone="secondary">Attribuer</Button>
        </Actions>
      </Form>
      {services.length > 0 && (
        <>
          <h2 id="changer-de-service">À un autre service</h2>
          <Form action={`${href}/service`} jeton={jeton} cle={`${cle}-service`}>
            {cache}
            <Select name="service" label="Service" options={services} value={props.service} error={erreurDe(erreurs, 'service')} />
            <Textarea
              name="motif"
              label="Pourquoi"
              hint="Ce motif reste dans l’historique du dossier ; la personne qui demande ne le voit pas."
              value={props.motif}
              rows={2}
              maximum={500}
              error={erreurDe(erreurs, 'motif')}
            />
            <Actions>
              <Button tone="secondary">Passer à ce service</Button>
            </Actions>
          </Form>
        </>
      )}
    </>
  )
}
