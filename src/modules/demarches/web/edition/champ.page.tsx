import type { VNode } from 'preact'
import {
  Actions,
  Button,
  ButtonLink,
  Checkboxes,
  Columns,
  Details,
  Form,
  Frame,
  Radios,
  Select,
  Textarea,
  TextInput,
} from '../../../../ui/index.ts'
import { definitions, type Formulaire } from '../../../formulaires/index.ts'
import type { Sujet } from '../../edition/index.ts'
import { direBorne } from './borne.ts'
import type { Envoi } from './cadre.tsx'
import { Formulaire as FormulaireDEdition } from './cadre.tsx'
import { groupesDeTypes } from './catalogue-des-types.ts'
import { Condition } from './condition.page.tsx'
import type { EtatDeCondition } from './condition.ts'
import { Geste } from './plan.page.tsx'
import { type Propriete, pertes, proprietesDuType, remplissages } from './proprietes.ts'
import { Reponses } from './reponses.page.tsx'
import { Somme } from './somme.page.tsx'
import { type LigneDeCalcul, termesPour } from './somme.ts'

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

const errorOf = ({ erreur }: ChampProps, name: string) => (erreur?.champ === name ? erreur.message : undefined)

/** What was typed, else what is stored. */
const texteDe = ({ saisie, champ }: ChampProps, nom: string): string => {
  const stored: unknown = Reflect.get(champ, nom)
  return saisie?.(`E-${nom}`) ?? (stored === undefined ? '' : String(stored))
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

function ChampDePropriete({ propriete, props }: { propriete: Propriete; props: ChampProps }): VNode | null {
  const { nom, libelle, aide, saisie, obligatoire } = propriete
  const { champ } = props
  const field = { name: `E-${nom}`, label: libelle, hint: aide, error: errorOf(props, `E-${nom}`) }
  const stored: unknown = Reflect.get(champ, nom)
  if (saisie === 'options') return 'options' in champ ? <Reponses champ={champ} saisie={props.saisie} erreur={props.erreur} /> : null
  if (saisie === 'calcul')
    return champ.type === 'calcul' ? (
      <Somme
        lignes={props.calcul}
        termes={termesPour(props.formulaire, champ.id)}
        phrase={definitions.phrase(champ.expression, props.formulaire)}
        erreur={props.erreur}
      />
    ) : null
  if (saisie === 'borne') return <Borne {...field} props={props} nom={nom} />
  if (saisie === 'ouiNon')
    return (
      <Radios
        {...field}
        inline
        value={props.saisie?.(field.name) ?? (stored === true ? 'oui' : 'non')}
        options={[
          { value: 'oui', label: 'Oui' },
          { value: 'non', label: 'Non' },
        ]}
      />
    )
  if (saisie === 'sortes')
    return (
      <Checkboxes
        {...field}
        values={props.sortes}
        options={[
          { value: 'pdf', label: 'PDF' },
          { value: 'image', label: 'Photo ou image' },
        ]}
      />
    )
  if (saisie === 'texte') return <Textarea {...field} value={texteDe(props, nom)} rows={4} />
  if (saisie === 'lignes')
    return <Textarea {...field} value={props.saisie?.(field.name) ?? (Array.isArray(stored) ? stored.join('\n') : '')} rows={3} optional />
  return (
    <TextInput
      {...field}
      value={texteDe(props, nom)}
      optional={!obligatoire}
      {...(saisie === 'nombre' ? { inputmode: 'numeric' as const, width: 8 } : { width: 30 })}
    />
  )
}

interface BorneProps {
  readonly name: string
  readonly label: string
  readonly error: string | undefined
  readonly nom: string
  readonly props: ChampProps
}

function Borne({ name, label, error, nom, props }: BorneProps): VNode {
  const { champ, formulaire, saisie } = props
  const stored: unknown = Reflect.get(champ, nom)
  const parsed = stored === undefined ? null : definitions.schemaExpression.parse(stored)
  const said = parsed && direBorne(parsed)
  // More than a box can say: told in words, and left as it is.
  if (parsed && said === null)
    return (
      <p>
        <strong>{label}</strong>
        {` : ${definitions.phrase(parsed, formulaire)}.`}
      </p>
    )
  const isDate = definitions.typeDe(champ).nature(champ) === 'date'
  return (
    <TextInput
      name={name}
      label={isDate ? label.replace('Valeur, au moins', 'Pas avant').replace('Valeur, au plus', 'Pas après') : label}
      hint={isDate ? 'Une date, ou par exemple « aujourd’hui + 30 jours », « aujourd’hui - 18 ans ».' : undefined}
      value={saisie?.(name) ?? said ?? ''}
      width={isDate ? 24 : 10}
      optional
      error={error}
    />
  )
}

function AutresGestes({ adresse, champ, formulaire, etapeId, envoi }: ChampProps): VNode {
  const element = `champs/${champ.id}`
  const lost = pertes(champ)
  const types = groupesDeTypes().flatMap(({ types: listed }) => listed)
  return (
    <>
      <h2>Déplacer, copier, supprimer</h2>
      <FormulaireDEdition action={`${adresse}/gestes`} envoi={envoi} label="Déplacer, copier, supprimer">
        {formulaire.etapes.length > 1 && (
          <>
            <Select
              name="etape"
              label="Mettre à la fin d’une autre page"
              vide={false}
              value={etapeId}
              options={formulaire.etapes.map(({ id, titre }) => ({ value: id, label: titre }))}
            />
            <Button tone="secondary" name="geste" value={`placer:${element}`}>
              Déplacer
            </Button>
          </>
        )}
        <Actions>
          <ButtonLink href={`${adresse}/ajout?etape=${etapeId}&apres=${champ.id}`} tone="secondary">
            Ajouter une question après
          </ButtonLink>
          <Geste geste={`dupliquer:${element}`} mots="Dupliquer" sur={champ.libelle} />
          <Geste geste={`supprimer:${element}`} mots="Supprimer" sur={champ.libelle} />
        </Actions>
      </FormulaireDEdition>
      <Details titre="Changer de type">
        <FormulaireDEdition action={`${adresse}/gestes`} envoi={envoi} label="Changer de type">
          <Select
            name="type"
            label="Nouveau type"
            hint={`La question, l’aide et la condition restent.${lost.length > 0 ? ` Peuvent se perdre : ${lost.join(', ')}.` : ''}`}
            vide={false}
            value={champ.type}
            options={types.map(({ nom, libelle }) => ({ value: nom, label: libelle }))}
          />
          <Button tone="secondary" name="geste" value={`type:${element}`}>
            Changer le type
          </Button>
        </FormulaireDEdition>
      </Details>
    </>
  )
}
