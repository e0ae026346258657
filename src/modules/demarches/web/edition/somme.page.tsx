import type { VNode } from 'preact'
import type { SelectOption } from '../../../../ui/index.ts'
import { Erreur } from './condition.page.tsx'
import type { LigneDeCalcul } from './somme.ts'

interface SommeProps {
  /** Null: the computed value says more than lines can; it is told in words and left as it is. */
  readonly lignes: readonly LigneDeCalcul[] | null
  readonly termes: readonly SelectOption[]
  readonly phrase: string
  readonly erreur: { readonly champ: string; readonly message: string } | undefined
}

/** A computed value as lines to add: something, times something, times a number. */
export function Somme({ lignes, termes, phrase, erreur }: SommeProps): VNode {
  const said = (
    <p>
      <strong>Le calcul</strong>
      {` : ${phrase}.`}
    </p>
  )
  if (lignes === null) return said
  const shown = [...lignes, { a: '', b: '', nombre: '' }].slice(0, 20)
  return (
    <>
      {said}
      {shown.map((ligne, rank) => {
        const message = erreur?.champ === `S-${rank}-a` ? erreur.message : undefined
        const mots = rank === 0 ? 'Compter' : rank < lignes.length ? 'plus' : 'plus (ligne vide : rien)'
        return (
          <div key={`${rank}`} class={message ? 'clause field-error' : 'clause'}>
            <strong>{mots}</strong>
            {message && <Erreur texte={message} />}
            <Terme name={`S-${rank}-a`} label={`Ligne ${rank + 1} : ce qui est compté`} value={ligne.a} termes={termes} />
            <Terme name={`S-${rank}-b`} label={`Ligne ${rank + 1} : multiplié par`} value={ligne.b} termes={termes} vide="× (rien)" />
            <input
              type="text"
              name={`S-${rank}-nombre`}
              size={8}
              value={ligne.nombre}
              aria-label={`Ligne ${rank + 1} : multiplié par un nombre, ou un montant avec €`}
            />
          </div>
        )
      })}
      <p class="hint">Le dernier champ de chaque ligne est un nombre (2,5) ou un montant (4,20 €).</p>
    </>
  )
}

function Terme(props: { name: string; label: string; value: string; termes: readonly SelectOption[]; vide?: string }): VNode {
  const { name, label, value, termes, vide = '(rien)' } = props
  const known = termes.some(terme => terme.value === value) || value === ''
  return (
    <select id={name} name={name} aria-label={label}>
      <option value="">{vide}</option>
      {!known && (
        <option value={value} selected>
          {value.split(':').at(-1)}
        </option>
      )}
      {termes.map(terme => (
        <option key={terme.value} value={terme.value} selected={terme.value === value}>
          {terme.label}
        </option>
      ))}
    </select>
  )
}
