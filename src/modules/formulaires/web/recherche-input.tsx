import type { VNode } from 'preact'
import { Radios, TextInput } from '../../../ui/index.ts'
import type { Erreur } from '../accept-etape.ts'
import { aucune, maxPropositions } from '../recherche.ts'
import { one, raw, type Saisie } from '../saisie.ts'
import { type Champ, typeDe } from '../types/index.ts'
import type { Field } from './field.ts'

interface PropositionsProps {
  champ: Champ
  saisie: Saisie
  erreurs: readonly Erreur[]
  /** Words of the radio that refuses them all; none when one must be chosen. */
  aucuneLabel?: string | undefined
}

/**
 * What was found for the words typed, to choose from. When the page comes back for another reason, the choice already made goes on in hidden
 * inputs, with the words it was made for.
 */
export function Propositions({ champ, saisie, erreurs, aucuneLabel }: PropositionsProps): VNode | null {
  const name = `${champ.id}-choix`
  const error = erreurs.find(erreur => erreur.champ === name)
  const words = typeDe(champ).recherche?.(champ, saisie)?.mots ?? one(saisie, champ.id)
  const made = one(saisie, `${champ.id}-mots`) === words ? one(saisie, name) : ''
  if (!error?.propositions) return made === '' ? null : <Choisi id={champ.id} choix={made} words={words} />
  const options = error.propositions.map(({ cle, libelle }) => ({ value: cle, label: libelle }))
  return (
    <>
      <input type="hidden" name={`${champ.id}-mots`} value={words} />
      <Radios
        name={name}
        label={`Réponses trouvées pour « ${words} »`}
        hint={
          options.length < maxPropositions
            ? undefined
            : `Les ${maxPropositions} premières sont montrées. Écrivez plus de mots pour en trouver d’autres.`
        }
        error={error.message}
        value={made}
        options={aucuneLabel ? [...options, { value: aucune, label: aucuneLabel }] : options}
      />
    </>
  )
}

const Choisi = ({ id, choix, words }: { id: string; choix: string; words: string }): VNode => (
  <>
    <input type="hidden" name={`${id}-choix`} value={choix} />
    <input type="hidden" name={`${id}-mots`} value={words} />
  </>
)

type Cherche = Extract<Champ, { type: 'commune' | 'epci' | 'departement' | 'pays' | 'lieu' | 'referentiel' }>

const exemples: Readonly<Record<Cherche['type'], string>> = {
  commune: 'Son nom ou son code postal, par exemple 14500.',
  epci: 'Son nom, ou celui d’une de ses communes.',
  departement: 'Son numéro ou son nom, par exemple 14 ou Calvados.',
  pays: 'Son nom en français, par exemple Portugal.',
  lieu: 'Une adresse, quelques mots (« devant la mairie ») ou des coordonnées GPS.',
  referentiel: '',
}

/** What can be proposed while typing. */
const sources: Partial<Record<Cherche['type'], string>> = { commune: 'communes', lieu: 'adresses' }

/** A box for words that the server looks up, and what it found. */
export function RechercheInput({
  champ,
  field,
  saisie,
  erreurs,
  recherche,
}: {
  champ: Cherche
  field: Field
  saisie: Saisie
  erreurs: readonly Erreur[]
  recherche?: string | undefined
}): VNode {
  const source = sources[champ.type]
  const hint = champ.aide ? field.hint : [field.hint, exemples[champ.type]].filter(Boolean).join(' ') || undefined
  return (
    <>
      <TextInput
        {...field}
        hint={hint}
        value={raw(saisie, champ.id)}
        autocomplete={champ.autocomplete}
        width={champ.largeur}
        spellcheck={false}
        source={recherche && source ? `${recherche}/${source}` : undefined}
      />
      <Propositions
        champ={champ}
        saisie={saisie}
        erreurs={erreurs}
        aucuneLabel={champ.type === 'lieu' ? 'Garder ce que j’ai écrit' : 'Aucune de ces réponses'}
      />
    </>
  )
}
