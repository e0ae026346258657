import type { VNode } from 'preact'
import { acceptEtape } from '../accept-etape.ts'
import { aucuneReponse } from '../answers.ts'
import { type ExempleDeType, exemplesDeTypes } from '../exemples.ts'
import type { Env } from '../expression.ts'
import type { Etape, Formulaire } from '../formulaire.ts'
import type { Saisie } from '../saisie.ts'
import type { Champ } from '../types/index.ts'
import { ChampsDeLEtape } from './etape-form.tsx'

export { type ExempleDeType, exemplesDeTypes }

const env: Env = {
  aujourdhui: '2026-11-21',
  commune: { nom: 'Vire Normandie', insee: '14762', epci: '200068799', departement: '14', region: '28', population: 17_000 },
  parametres: {},
}

/**
 * A type of field, or every one, as it is seen: empty, filled, then refused for each reason of its examples. Plain content of a page, with its headings.
 */
export function ExemplesDeTypes({ type }: { readonly type?: string | undefined }): VNode {
  return (
    <>
      {exemplesDeTypes
        .filter(exemple => type === undefined || exemple.type === type)
        .map(exemple => (
          <section key={exemple.type}>
            <h2>{exemple.nom}</h2>
            {etatsDe(exemple).map(({ titre, saisie }, rank) => (
              <Etat key={titre} exemple={exemple} id={`${exemple.type}_${rank}`} titre={titre} saisie={saisie} />
            ))}
          </section>
        ))}
    </>
  )
}

function etatsDe({ bons, mauvais }: ExempleDeType): { titre: string; saisie: Saisie | undefined }[] {
  return [
    { titre: 'Vide', saisie: undefined },
    ...bons.slice(0, 1).map(({ saisie }) => ({ titre: 'Rempli', saisie })),
    ...mauvais.map(({ saisie, propositions }, rank) => ({ titre: `${propositions ? 'À choisir' : 'En erreur'} (${rank + 1})`, saisie })),
  ]
}

function Etat({ exemple, id, titre, saisie }: { exemple: ExempleDeType; id: string; titre: string; saisie: Saisie | undefined }): VNode {
  const champ: Champ = { ...exemple.champ, id }
  // A heading alone is left out of a page: a line under it.
  const under: readonly Champ[] =
    champ.type === 'section' ? [{ type: 'explication', id: `${id}_texte`, libelle: 'Texte', texte: 'Les questions viennent ici.' }] : []
  const etape: Etape = { id: 'exemple', titre, champs: [champ, ...under] }
  const formulaire: Formulaire = { etapes: [etape] }
  const posted: Saisie = Object.fromEntries(Object.entries(saisie ?? {}).map(([name, text]) => [name.replace(/^x/, id), text]))
  const found = { ...env, ...(exemple.trouvailles ? { trouvailles: new Map([[id, exemple.trouvailles]]) } : {}) }
  const result = saisie ? acceptEtape(formulaire, etape.id, posted, aucuneReponse, found) : null
  return (
    <>
      <h3>{titre}</h3>
      <ChampsDeLEtape
        formulaire={formulaire}
        etape={etape}
        reponses={aucuneReponse}
        env={env}
        saisie={posted}
        erreurs={result && !result.ok ? result.erreurs : []}
      />
    </>
  )
}
