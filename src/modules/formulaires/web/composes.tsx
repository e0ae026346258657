import type { VNode } from 'preact'
import { Checkbox, DateInput, Fieldset, Radios, Select, TextInput } from '../../../ui/index.ts'
import type { Erreur } from '../accept-etape.ts'
import { raw, type Saisie } from '../saisie.ts'
import type { ChampDe, NomDeType } from '../types/index.ts'
import type { Field } from './field.ts'

interface Props<N extends NomDeType> {
  champ: ChampDe<N>
  field: Field
  saisie: Saisie
  erreurs: readonly Erreur[]
}

const errorOf = (erreurs: readonly Erreur[], name: string) => erreurs.find(({ champ }) => champ === name)?.message

// Beyond seven options a list of radios no longer fits a telephone screen.
const maxRadios = 7

/** One option among several: radios up to seven, then a drop-down list. */
export function Options({
  field,
  value,
  options,
  autocomplete,
}: {
  field: Field
  value: string
  options: readonly { id: string; libelle: string; aide?: string | undefined }[]
  autocomplete?: string | undefined
}): VNode {
  if (options.length <= maxRadios)
    return <Radios {...field} value={value} options={options.map(({ id, libelle, aide }) => ({ value: id, label: libelle, hint: aide }))} />
  return (
    <Select
      {...field}
      value={value}
      autocomplete={autocomplete}
      options={options.map(({ id, libelle }) => ({ value: id, label: libelle }))}
    />
  )
}

/** The first choice, then its details once it is known. */
export function ChoixLiesInput({ champ, field, saisie, erreurs }: Props<'choix_lies'>): VNode {
  const first = champ.options.find(({ id }) => id === raw(saisie, champ.id))
  const name = `${champ.id}-choix`
  return (
    <>
      <Options field={field} value={raw(saisie, champ.id)} options={champ.options} autocomplete={champ.autocomplete} />
      {first && first.options.length > 0 && (
        <Options
          field={{ name, label: `${first.libelle} : précisez`, hint: undefined, error: errorOf(erreurs, name), optional: field.optional }}
          value={raw(saisie, name)}
          options={first.options}
        />
      )}
    </>
  )
}

/** The boxes of a day, and one for the hour. */
export function DateHeureInput({ champ, field, saisie, erreurs }: Props<'date_heure'>): VNode {
  const box = (part: string) => raw(saisie, `${champ.id}-${part}`)
  return (
    <Fieldset legend={field.optional ? `${champ.libelle} (facultatif)` : champ.libelle}>
      <DateInput
        {...field}
        label="Jour"
        optional={false}
        hint={field.hint ?? 'Par exemple, 27 3 2026.'}
        value={{ jour: box('jour'), mois: box('mois'), annee: box('annee') }}
      />
      <TextInput
        name={`${champ.id}-heure`}
        label="Heure"
        hint="Par exemple, 9 h 30."
        value={box('heure')}
        error={errorOf(erreurs, `${champ.id}-heure`)}
        width={8}
      />
    </Fieldset>
  )
}

/** The sentence to certify, and the name of who does. */
export function AttestationInput({ champ, field, saisie, erreurs }: Props<'attestation'>): VNode {
  const name = `${champ.id}-nom`
  return (
    <Fieldset legend={field.optional ? 'Attestation sur l’honneur (facultatif)' : 'Attestation sur l’honneur'}>
      <Checkbox {...field} optional={false} checked={raw(saisie, champ.id) !== ''} />
      <TextInput
        name={name}
        label="Votre prénom et votre nom"
        value={raw(saisie, name)}
        error={errorOf(erreurs, name)}
        autocomplete={champ.autocomplete ?? 'name'}
      />
    </Fieldset>
  )
}
