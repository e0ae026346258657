// The form of the measures: sixty fields, forty conditions, a repeated étape with five rows.
import type { Reponses } from '../src/modules/formulaires/answers.ts'
import type { Env, Expression } from '../src/modules/formulaires/expression.ts'
import { type Formulaire, schemaFormulaire } from '../src/modules/formulaires/formulaire.ts'
import type { Champ } from '../src/modules/formulaires/types/index.ts'

/** The facts around it. */
export const env: Env = {
  aujourdhui: '2026-11-21',
  commune: { nom: 'Vire Normandie', insee: '14762', epci: '200068799', departement: '14', region: '28', population: 17_000 },
  parametres: { tarif: 350 },
}
const champ = (id: string): Expression => ({ champ: id })

/** 40 conditions of two to four comparisons: choices, dates, amounts, counts. */
const condition = (rank: number): Expression => ({
  op: rank % 3 === 0 ? 'ou' : 'et',
  termes: [
    { op: '=', termes: [champ('c0x0'), { constante: 'a' }] },
    { op: '<', termes: [champ('c0x1'), { op: 'moins_annees', termes: [{ aujourdhui: true }, { constante: rank }] }] },
    { op: '>', termes: [champ('c0x2'), { montant: 500 - rank }] },
    ...(rank % 2 === 0 ? [{ op: 'non', termes: [{ op: 'contient', termes: [champ('c0x3'), { constante: 'b' }] }] } as const] : []),
  ],
})

/** Six étapes of ten fields, the last repeated: ten conditions are in its rows. */
export function grandFormulaire(): Formulaire {
  const options = ['a', 'b', 'c'].map(id => ({ id, libelle: `Réponse ${id}` }))
  const kinds = ['choix', 'date', 'montant', 'choix_multiple', 'texte', 'oui_non', 'entier', 'telephone', 'courriel', 'adresse'] as const
  let conditions = 0
  const etapes = Array.from({ length: 6 }, (_, e) => ({
    id: `e${e}`,
    titre: `Étape ${e}`,
    ...(e === 5 ? { repetition: { min: 0, max: 10, nom: { singulier: 'enfant', pluriel: 'enfants' }, titreLigne: '{c5x4}' } } : {}),
    champs: kinds.map((type, c) => ({
      id: `c${e}x${c}`,
      type,
      libelle: `Question ${e} ${c}`,
      ...(type.startsWith('choix') ? { options } : {}),
      ...(e > 0 && conditions++ < 40 ? { visibleSi: condition(conditions) } : {}),
    })),
  }))
  return schemaFormulaire.parse({ etapes })
}

const valeurs = (e: number): Record<string, Champ extends never ? never : Reponses['champs'][string]> => ({
  [`c${e}x0`]: 'a',
  [`c${e}x1`]: '1985-03-27',
  [`c${e}x2`]: 12_50,
  [`c${e}x3`]: ['a'],
  [`c${e}x4`]: 'Texte',
  [`c${e}x5`]: true,
  [`c${e}x6`]: 4,
  [`c${e}x7`]: '+33639981234',
  [`c${e}x8`]: 'camille@exemple.fr',
  [`c${e}x9`]: { voie: '1 rue', complement: '', codePostal: '14500', commune: 'Vire' },
})
/** Every question answered, five rows. */
export const reponses: Reponses = {
  champs: Object.assign({}, ...[0, 1, 2, 3, 4].map(valeurs)),
  lignes: { e5: Array.from({ length: 5 }, (_, row) => ({ id: `r${row}`, champs: valeurs(5) })) },
}
