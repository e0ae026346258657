import type { VNode } from 'preact'
import { Checkboxes, Radios, Select, Textarea, TextInput } from '../../../../ui/index.ts'
import { definitions } from '../../../formulaires/index.ts'
import { direBorne } from './borne.ts'
import type { ChampProps } from './champ.page.tsx'
import type { Propriete } from './proprietes.ts'
import { Reponses } from './reponses.page.tsx'
import { Somme } from './somme.page.tsx'
import { termesPour } from './somme.ts'

/** What a type has of its own: the box, or the boxes, of one of its properties. */
export function ChampDePropriete({ propriete, props }: { propriete: Propriete; props: ChampProps }): VNode | null {
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
  if (saisie === 'liste')
    return (
      <>
        <Select {...field} options={props.listes.slice(0, 48)} value={texteDe(props, nom)} vide="Choisissez une liste" />
        <p class="hint">
          <a href={props.listesHref}>Ajouter une liste</a>
        </p>
      </>
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

/** What is wrong with a box. */
export const errorOf = ({ erreur }: ChampProps, name: string) => (erreur?.champ === name ? erreur.message : undefined)

/** What was typed, else what is stored. */
export const texteDe = ({ saisie, champ }: ChampProps, nom: string): string => {
  const stored: unknown = Reflect.get(champ, nom)
  return saisie?.(`E-${nom}`) ?? (stored === undefined ? '' : String(stored))
}
