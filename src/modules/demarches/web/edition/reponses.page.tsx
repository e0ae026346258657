import type { VNode } from 'preact'
import { Checkbox, Textarea } from '../../../../ui/index.ts'
import type { definitions } from '../../../formulaires/index.ts'
import { Erreur } from './condition.page.tsx'

interface ReponsesProps {
  readonly champ: Extract<definitions.Champ, { options: readonly unknown[] }>
  readonly saisie: ((name: string) => string | undefined) | undefined
  readonly erreur: { readonly champ: string; readonly message: string } | undefined
}

/** The answers proposed, a box each: renamed in place, moved up, removed when emptied. New ones below, a line each. */
export function Reponses({ champ, saisie, erreur }: ReponsesProps): VNode {
  const isAsked = erreur?.message.includes('Supprimer quand même') ?? false
  return (
    <>
      <fieldset class="fieldset">
        <legend>Les réponses proposées</legend>
        <p class="hint">Changez les mots : la réponse reste la même. Videz une ligne pour la supprimer.</p>
        {champ.options.map((option, rank) => {
          const name = `O-${option.id}`
          const isWrong = erreur?.champ === name
          return (
            <div key={option.id} class={isWrong ? 'clause field-error' : 'clause'}>
              {isWrong && erreur && <Erreur texte={erreur.message} />}
              <input
                type="text"
                id={name}
                name={name}
                size={28}
                value={saisie?.(name) ?? option.libelle}
                aria-label={`Réponse ${rank + 1}`}
                aria-invalid={isWrong ? 'true' : undefined}
              />
              {rank > 0 && (
                <button type="submit" class="button button-quiet" name="monter" value={option.id} aria-label={`Monter : ${option.libelle}`}>
                  Monter
                </button>
              )}
              {'options' in option && (
                <textarea
                  name={`P-${option.id}`}
                  rows={Math.max(2, option.options.length)}
                  aria-label={`Précisions de « ${option.libelle} », une par ligne`}
                  value={saisie?.(`P-${option.id}`) ?? option.options.map(({ libelle }) => libelle).join('\n')}
                />
              )}
            </div>
          )
        })}
      </fieldset>
      {isAsked && <Checkbox name="E-confirmer" label="Supprimer quand même : je reverrai ce qui s’en sert" />}
      <Textarea
        name="E-nouvelles"
        label="Ajouter des réponses"
        hint="Une par ligne."
        rows={3}
        optional
        value={saisie?.('E-nouvelles') ?? ''}
      />
    </>
  )
}
