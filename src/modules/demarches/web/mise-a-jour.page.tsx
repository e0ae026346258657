import type { VNode } from 'preact'
import { Actions, Button, Checkboxes, ErrorSummary, Form, Notice, Radios } from '../../../ui/index.ts'

export interface MiseAJourProps {
  readonly action: string
  readonly retour: string
  readonly cible: string
  readonly version: number
  readonly par: string
  readonly changements: readonly { readonly cle: string; readonly phrase: string; readonly estAccepte: boolean }[]
  readonly conflits: readonly {
    readonly cle: string
    readonly sujet: string
    readonly leurs: string
    readonly miennes: string
    readonly choix: 'leurs' | 'miennes' | undefined
  }[]
  readonly jeton: string
  readonly cle: string
  readonly erreur: string | undefined
}

/** What a new version of the template changes: to take whole, in part, or later. */
export function PageDeMiseAJour({ action, retour, cible, version, par, changements, conflits, jeton, cle, erreur }: MiseAJourProps): VNode {
  return (
    <>
      {erreur && <ErrorSummary errors={[{ champ: conflits.length > 0 ? 'conflits' : 'changements', message: erreur }]} />}
      <p>{`Version ${version} du modèle, proposée par ${par}. Vos propres changements sont gardés. Ce que vous ne prenez pas devient une différence de votre collectivité.`}</p>
      <Form action={action} jeton={jeton} cle={cle}>
        <input type="hidden" name="cible" value={cible} />
        <Checkboxes
          name="changements"
          label="Ce qui change dans le modèle"
          hint="Décochez ce que vous ne voulez pas."
          options={changements.map(({ cle: value, phrase }) => ({ value, label: phrase }))}
          values={changements.filter(({ estAccepte }) => estAccepte).map(({ cle: value }) => value)}
        />
        {conflits.length > 0 && (
          <>
            <h2 id="conflits">Changé des deux côtés</h2>
            <Notice tone="attention">Vous aviez changé la même chose. Rien n’est choisi à votre place.</Notice>
            {conflits.map(conflit => (
              <Radios
                key={conflit.cle}
                name={`conflit:${conflit.cle}`}
                label={conflit.sujet}
                value={conflit.choix}
                options={[
                  { value: 'miennes', label: 'Garder le vôtre', hint: conflit.miennes },
                  { value: 'leurs', label: 'Prendre celui du modèle', hint: conflit.leurs },
                ]}
              />
            ))}
          </>
        )}
        <Actions>
          <Button name="suite" value="publier">
            Accepter et publier
          </Button>
          <Button name="suite" value="relire" tone="secondary">
            Accepter et relire d’abord
          </Button>
          <a href={retour}>Plus tard</a>
        </Actions>
      </Form>
    </>
  )
}
