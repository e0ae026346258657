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
import type { Etape } from '../src/modules/formulaires/formulaire.ts'
import { ouvrirVue, parcours } from '../src/modules/formulaires/parcours.ts'
import { problems } from '../src/modules/formulaires/problems.ts'
import { ChampsDeLEtape } from '../src/modules/formulaires/web/etape-form.tsx'
import { env, grandFormulaire, reponses } from './grand-formulaire.ts'
import { ligne, median } from './outils.ts'

const formulaire = grandFormulaire()

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
