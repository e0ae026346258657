import type { VNode } from 'preact'
import type { Expression, Formulaire } from '../../formulaires/index.ts'
import { definitions } from '../../formulaires/index.ts'

/** Every question of a form, as one reads a plan: its page, its kind, when it is asked. */
export function Questions({ formulaire }: { readonly formulaire: Formulaire }): VNode {
  const quand = (condition: Expression | undefined) => (condition ? ` Seulement si ${definitions.phrase(condition, formulaire)}.` : '')
  return (
    <>
      {formulaire.etapes.map(etape => (
        <section key={etape.id}>
          <h3>{etape.titre}</h3>
          {(etape.repetition || etape.visibleSi || etape.reservee) && (
            <p class="hint">
              {etape.reservee && 'Réservée aux agents.'}
              {etape.repetition && `Répété pour chaque ${etape.repetition.nom.singulier}.`}
              {quand(etape.visibleSi)}
            </p>
          )}
          <ul>
            {etape.champs.map(champ => (
              <li key={champ.id}>
                {champ.libelle}
                <span class="hint">
                  {` ${definitions.typeDe(champ).nom}${champ.obligatoire === false ? ', facultatif' : ''}.`}
                  {quand(champ.visibleSi)}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}
