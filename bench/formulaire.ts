/**
 * The engine of forms on a form of 60 fields, 40 conditions and 5 repeated rows: time to evaluate every expression, and pages rendered a second
 * with all reads, on every core at once.
 */
import { availableParallelism } from 'node:os'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { h } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { champsAffiches } from '../src/modules/formulaires/affichage.ts'
import type { Reponses } from '../src/modules/formulaires/answers.ts'
import type { Env, Expression } from '../src/modules/formulaires/expression.ts'
import { type Etape, type Formulaire, schemaFormulaire } from '../src/modules/formulaires/formulaire.ts'
import { ouvrirVue, parcours } from '../src/modules/formulaires/parcours.ts'
import { problems } from '../src/modules/formulaires/problems.ts'
import type { Champ } from '../src/modules/formulaires/types/index.ts'
import { ChampsDeLEtape } from '../src/modules/formulaires/web/etape-form.tsx'
import { ligne, median } from './outils.ts'

const env: Env = {
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
function form(): Formulaire {
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
const reponses: Reponses = {
  champs: Object.assign({}, ...[0, 1, 2, 3, 4].map(valeurs)),
  lignes: { e5: Array.from({ length: 5 }, (_, row) => ({ id: `r${row}`, champs: valeurs(5) })) },
}
const formulaire = form()

/** Every visibility of every field and row, from nothing known. */
function toutEvaluer(): number {
  const vue = ouvrirVue(formulaire, reponses, env)
  let shown = 0
  for (const etape of formulaire.etapes)
    for (const row of etape.repetition ? (reponses.lignes[etape.id] ?? []) : [undefined])
      for (const one of etape.champs) if (vue.champVisible(one, row?.id)) shown++
  return shown
}

/** A page as it is served from its definition and its answers: JSON read, étapes found, the page of ten fields. */
const definition = JSON.stringify(formulaire)
const gardees = JSON.stringify(reponses)
function rendre(rank: number): number {
  const lues = JSON.parse(gardees) as Reponses
  const etape = formulaire.etapes[rank % 5] as Etape
  parcours(formulaire, lues, env)
  return renderToString(h(ChampsDeLEtape, { formulaire, etape, reponses: lues, env })).length
}

/** The whole form: its fifty fields and its five rows of ten, as one page that nobody should make. */
function rendreTout(): number {
  const lues = JSON.parse(gardees) as Reponses
  parcours(formulaire, lues, env)
  let length = 0
  for (const etape of formulaire.etapes)
    for (const row of etape.repetition ? (lues.lignes[etape.id] ?? []) : [undefined])
      length += renderToString(h(ChampsDeLEtape, { formulaire, etape, reponses: lues, env, rowId: row?.id })).length
  return length
}

function microsecondes(run: () => unknown, times: number): number {
  for (let warm = 0; warm < times; warm++) run()
  return median(
    Array.from({ length: 9 }, () => {
      const start = performance.now()
      for (let index = 0; index < times; index++) run()
      return ((performance.now() - start) * 1000) / times
    }),
  )
}

function parSeconde(render: (rank: number) => number): number {
  for (let warm = 0; warm < 300; warm++) render(warm)
  const end = performance.now() + 1500
  let pages = 0
  while (performance.now() < end) render(pages++)
  return pages / 1.5
}

if (isMainThread) {
  ligne('toutes les expressions (60 champs, 40 conditions, 5 lignes)', `${microsecondes(toutEvaluer, 300).toFixed(0)} µs`, '≤ 200 µs')
  ligne('parcours entier', `${microsecondes(() => parcours(formulaire, reponses, env), 200).toFixed(0)} µs`, '')
  ligne(
    'champs d’une page',
    `${microsecondes(() => champsAffiches(formulaire, formulaire.etapes[2]!, reponses, env), 200).toFixed(0)} µs`,
    '',
  )
  ligne('tout relire avant dépôt', `${microsecondes(() => problems(formulaire, reponses, env), 200).toFixed(0)} µs`, '')
  const cores = Math.min(2, availableParallelism())
  const workers = Array.from(
    { length: cores },
    () =>
      new Promise<number[]>((resolve, reject) => {
        const worker = new Worker(new URL(import.meta.url))
        worker.once('message', resolve)
        worker.once('error', reject)
      }),
  )
  const rates = await Promise.all(workers)
  const sum = (at: number) => `${rates.reduce((total, rate) => total + (rate[at] ?? 0), 0).toFixed(0)}/s`
  ligne(`pages d’une étape de 10 champs (${definition.length} octets de définition, ${cores} cœurs)`, sum(0), '≥ 800/s')
  ligne(`formulaires entiers, 100 champs affichés (${cores} cœurs)`, sum(1), '≥ 800/s')
} else parentPort?.postMessage([parSeconde(rendre), parSeconde(rendreTout)])
