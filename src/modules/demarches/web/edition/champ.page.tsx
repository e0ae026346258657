import type { VNode } from 'preact'
import {
  Actions,
  Button,
  Columns,
  Details,
  Form,
  Frame,
  Radios,
  Select,
  type SelectOption,
  Textarea,
  TextInput,
} from '../../../../ui/index.ts'
import { definitions, type Formulaire } from '../../../formulaires/index.ts'
import type { Sujet } from '../../edition/index.ts'
import type { Envoi } from './cadre.tsx'
import { Condition } from './condition.page.tsx'
import type { EtatDeCondition } from './condition.ts'
import { AutresGestes } from './gestes-du-champ.page.tsx'
import { ChampDePropriete, errorOf, texteDe } from './propriete.page.tsx'
import { proprietesDuType, remplissages } from './proprietes.ts'
import type { LigneDeCalcul } from './somme.ts'

type Champ = definitions.Champ

export interface ChampProps {
  /** Of the editor. */
  readonly adresse: string
  readonly champ: Champ
  readonly formulaire: Formulaire
  readonly etapeId: string
  readonly envoi: Envoi
  /** What was typed and refused: by the name of its box. Nothing when the page is as it is stored. */
  readonly saisie: ((name: string) => string | undefined) | undefined
  readonly sortes: readonly string[]
  /** The lists of the collectivité that a question may look in, and where they are kept. */
  readonly listes: readonly SelectOption[]
  readonly listesHref: string
  readonly condition: EtatDeCondition
  readonly sujets: readonly Sujet[]
  readonly calcul: readonly LigneDeCalcul[] | null
  readonly erreur: { readonly champ: string; readonly message: string } | undefined
  /** The question as it will be seen. */
  readonly apercu: VNode
}

/** One question: all that is said of it, and beside, how it will look. */
export function PageDuChamp(props: ChampProps): VNode {
  const { adresse, champ, envoi, erreur, apercu } = props
  const own = `${adresse}/champs/${champ.id}`
  return (
    <Columns>
      <div>
        <Form action={own} jeton={envoi.jeton} cle={envoi.cle()} id="question">
          {/* Enter in a box presses the first button of the form: saving, not one that moves an answer. */}
          {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: the keyboard does not reach it, and the form has its visible button */}
          <button type="submit" class="by-enter" tabindex={-1} aria-hidden="true">
            Enregistrer
          </button>
          <input type="hidden" name="rang" value={envoi.rang} />
          <input type="hidden" name="revision" value={envoi.revision} />
          <Commun {...props} />
          {proprietesDuType(champ.type).map(propriete => (
            <ChampDePropriete key={propriete.nom} propriete={propriete} props={props} />
          ))}
          <Condition
            prefixe="C"
            label="Quand la poser"
            toujours="Toujours"
            si="Seulement si"
            etat={props.condition}
            sujets={props.sujets}
            formulaire={props.formulaire}
            erreur={erreur}
          />
          <Actions>
            <Button>Enregistrer</Button>
            <a href={`${adresse}?etape=${props.etapeId}#champ-${champ.id}`}>Revenir au plan</a>
          </Actions>
        </Form>
        <AutresGestes {...props} />
      </div>
      <aside aria-label="Aperçu">
        <h2>Sur un téléphone</h2>
        <Frame phone still id="apercu" source={{ form: 'question', action: `${own}/apercu` }}>
          {apercu}
        </Frame>
      </aside>
    </Columns>
  )
}

function Commun(props: ChampProps): VNode {
  const { champ } = props
  const type = definitions.typeDe(champ)
  const isAsked = type.nature(champ) !== null
  const box = (nom: string) => ({ name: `E-${nom}`, value: texteDe(props, nom), error: errorOf(props, `E-${nom}`) })
  const isLong = champ.type === 'attestation' || champ.type === 'case'
  return (
    <>
      {isLong ? (
        <Textarea {...box('libelle')} label="La phrase" rows={3} maximum={200} />
      ) : (
        <TextInput {...box('libelle')} label={isAsked ? 'La question' : 'Le titre'} hint={type.nom} />
      )}
      <Textarea {...box('aide')} label="Aide sous la question" rows={2} maximum={600} optional />
      {isAsked && champ.type !== 'calcul' && (
        <Radios
          name="E-obligatoire"
          label="Faut-il y répondre ?"
          inline
          value={props.saisie?.('E-obligatoire') ?? (champ.obligatoire === false ? 'non' : 'oui')}
          options={[
            { value: 'oui', label: 'Oui' },
            { value: 'non', label: 'C’est facultatif' },
          ]}
        />
      )}
      {isAsked && (
        <Details titre="Messages et remplissage automatique" open={errorOf(props, 'E-enPhrase') !== undefined}>
          <TextInput
            {...box('enPhrase')}
            label="Dans une phrase, avec son article"
            hint="Pour les messages d’erreur. Par exemple : « votre date de naissance »."
            optional
          />
          {champ.type !== 'calcul' && (
            <Select
              {...box('autocomplete')}
              label="Le navigateur peut proposer, de la personne elle-même"
              vide="Rien"
              options={remplissagesAvec(champ.autocomplete)}
            />
          )}
        </Details>
      )}
    </>
  )
}

// A value that is not in the list (a birthplace, a second address) stays proposed as it is.
const remplissagesAvec = (current: string | undefined) =>
  current === undefined || remplissages.some(({ value }) => value === current)
    ? remplissages
    : [...remplissages, { value: current, label: current }]
