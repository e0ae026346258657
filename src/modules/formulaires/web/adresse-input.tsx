import type { VNode } from 'preact'
import { Fieldset, TextInput } from '../../../ui/index.ts'
import type { Erreur } from '../accept-etape.ts'
import { estObligatoire } from '../formulaire.ts'
import { raw, type Saisie } from '../saisie.ts'
import type { ChampDe } from '../types/index.ts'
import { Propositions } from './recherche-input.tsx'

interface AdresseInputProps {
  champ: ChampDe<'adresse'>
  saisie: Saisie
  erreurs: readonly Erreur[]
  hint?: string | undefined
}

/** The four lines of an address. An error about the whole of it is shown on the first line, which the summary leads to. */
export function AdresseInput({ champ, saisie, erreurs, hint }: AdresseInputProps): VNode {
  const own = champ.autocomplete === 'street-address'
  const optional = !estObligatoire(champ)
  const box = (part: string) => ({
    name: `${champ.id}-${part}`,
    value: raw(saisie, `${champ.id}-${part}`),
    error: erreurs.find(erreur => erreur.champ === `${champ.id}-${part}` || (part === 'voie' && erreur.champ === champ.id))?.message,
  })
  return (
    <Fieldset id={champ.id} legend={optional ? `${champ.libelle} (facultatif)` : champ.libelle} hint={hint}>
      <TextInput {...box('voie')} label="Numéro et rue, ou lieu-dit" autocomplete={own ? 'address-line1' : undefined} />
      <TextInput {...box('complement')} label="Bâtiment, étage, complément" optional autocomplete={own ? 'address-line2' : undefined} />
      <TextInput {...box('codePostal')} label="Code postal" inputmode="numeric" width={5} autocomplete={own ? 'postal-code' : undefined} />
      <TextInput {...box('commune')} label="Commune" autocomplete={own ? 'address-level2' : undefined} />
      <Propositions champ={champ} saisie={saisie} erreurs={erreurs} aucuneLabel="Garder l’adresse que j’ai écrite" />
    </Fieldset>
  )
}
