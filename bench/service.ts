// npm run bench -- service : starts, public pages, forms, memory, the size of the territory. Needs nothing but the program.
import { fork } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { demarrerParvis, type Parvis } from '../test/builders/parvis.ts'
import { debit, durees, ligne, median, memoireMo, percentile, pidDe } from './outils.ts'

const SECONDS = 6

async function finir(parvis: Parvis, erase = true): Promise<void> {
  await parvis.stop()
  if (erase) rmSync(parvis.dossier, { recursive: true, force: true })
}

async function demarrages(): Promise<void> {
  const empty: number[] = []
  const again: number[] = []
  for (let run = 0; run < 3; run++) {
    const start = performance.now()
    const first = await demarrerParvis()
    await fetch(`${first.adresse}/sante`)
    empty.push(performance.now() - start)
    await finir(first, false)
    const restart = performance.now()
    const second = await demarrerParvis({ dossier: first.dossier })
    await fetch(`${second.adresse}/sante`)
    again.push(performance.now() - restart)
    await finir(second)
  }
  ligne('De `npm start` à `/sante`, dossier vide, démonstration remplie', `${(median(empty) / 1000).toFixed(2)} s`, '≤ 6 s')
  ligne('De `npm start` à `/sante`, données existantes', `${(median(again) / 1000).toFixed(2)} s`, '≤ 2 s')
}

// The same bytes and headers, held in memory by the same HTTP library and nothing else, in a process of its own.
async function temoin(url: string): Promise<{ address: string; stop(): void }> {
  const child = fork(fileURLToPath(new URL('./temoin.ts', import.meta.url)), [url], { execArgv: ['--import', 'tsx'] })
  const address = await new Promise<string>(resolve => child.once('message', message => resolve(String(message))))
  return { address, stop: () => child.kill() }
}

async function pages(): Promise<void> {
  const parvis = await demarrerParvis()
  const home = `${parvis.adresse}/vire-normandie`
  const bare = await temoin(home)
  const ratios: number[] = []
  const rates: number[] = []
  for (let run = 0; run < 3; run++) {
    const ours = await debit(home, SECONDS)
    const theirs = await debit(bare.address, SECONDS)
    rates.push(ours)
    ratios.push(ours / theirs)
  }
  bare.stop()
  ligne(
    'Page publique d’une commune : requêtes/s, rapportées aux mêmes octets servis de la mémoire',
    `${median(rates).toFixed(0)}/s, rapport ${median(ratios).toFixed(2)}`,
    '≥ 0,5',
  )
  const url = `${home}/demarches/restauration-scolaire/commencer`
  ligne(
    'Première page d’un formulaire, anonyme, lectures faites, non compressée',
    `${(await debit(url, SECONDS, 'identity')).toFixed(0)}/s`,
    '≥ 1 500/s',
  )
  ligne('La même, compressée à chaque requête', `${(await debit(url, SECONDS)).toFixed(0)}/s`, '')
  await finir(parvis)
}

async function memoire(): Promise<void> {
  const parvis = await demarrerParvis({ args: ['--territoire', '33', '--vide'] })
  const pid = pidDe(parvis.process.pid!, 'web')
  // At rest: once the program has prepared the pages most asked for (ADR 20).
  await new Promise(resolve => setTimeout(resolve, 15_000))
  const idle = memoireMo(pid)
  const paths = parvis.demonstration.communes.map(c => c.chemin)
  const suffixes = ['/demarches', '/demarches/acte-etat-civil', '/aide', '/demarches/restauration-scolaire/commencer']
  // Every commune's home, and the other pages of fifty of them.
  const urls = [...paths, ...paths.slice(0, 50).flatMap(path => suffixes.map(suffix => path + suffix))].map(path => parvis.adresse + path)
  let next = 0
  const upTo = (total: number) =>
    Promise.all(
      Array.from({ length: 16 }, async () => {
        for (let index = next++; index < total; index = next++) {
          const answer = await fetch(urls[index % urls.length]!)
          await answer.arrayBuffer()
          if (!answer.ok) throw new Error(`${answer.status}`)
        }
      }),
    )
  await upTo(10_000)
  const after10k = memoireMo(pid)
  next = 10_000
  await upTo(100_000)
  const after = memoireMo(pid)
  ligne(`Mémoire du processus web, ${paths.length} communes, au repos`, `${idle.toFixed(0)} Mo`, '≤ 150 Mo')
  ligne('La même après 10 000 puis 100 000 requêtes', `${after10k.toFixed(0)} puis ${after.toFixed(0)} Mo`, 'croissance ≤ 10 %, ≤ 150 Mo')
  await finir(parvis)
}

async function taille(): Promise<void> {
  const small = await demarrerParvis({ args: ['--vide'] })
  const start = performance.now()
  const whole = await demarrerParvis({ args: ['--territoire', 'france', '--vide'] })
  ligne(
    'Ouvrir la France (toutes les communes et intercommunalités), démarrage compris',
    `${((performance.now() - start) / 1000).toFixed(1)} s`,
    '≤ 90 s',
  )
  const cases: [string, (base: string) => (i: number) => string][] = [
    ['en cache', base => () => `${base}/vire-normandie`],
    ['lue dans la base (cache contourné)', base => i => `${base}/vire-normandie?essai=${i}`],
  ]
  for (const [name, url] of cases) {
    const ratios: number[] = []
    for (let run = 0; run < 3; run++) {
      await durees(url(small.adresse), 200)
      await durees(url(whole.adresse), 200)
      const few = percentile(await durees(url(small.adresse), 1500), 95)
      const many = percentile(await durees(url(whole.adresse), 1500), 95)
      ratios.push(many / few)
    }
    ligne(`Page d’une commune ${name}, p95 : France ouverte contre 17 communes`, `× ${median(ratios).toFixed(2)}`, '≤ 1,2')
  }
  const paths = whole.demonstration.communes.map(c => c.chemin)
  const cold = await durees(i => `${whole.adresse}${paths[(i * 7919) % paths.length]}`, 2000)
  ligne(
    'Première visite de 2 000 communes au hasard parmi celles de la France',
    `p50 ${percentile(cold, 50).toFixed(1)} ms, p95 ${percentile(cold, 95).toFixed(1)} ms`,
    '',
  )
  const words = ['saint martin', 'St-Jean', 'vire', 'bordo', 'lyon', '33000', 'condé sur noireau', 'xyzzy']
  const search = await durees(i => `${whole.adresse}/recherche?q=${encodeURIComponent(words[i % words.length]!)}`, 160)
  ligne(
    'Chercher sa commune parmi la France',
    `p50 ${percentile(search, 50).toFixed(1)} ms, p95 ${percentile(search, 95).toFixed(1)} ms`,
    '',
  )
  await finir(small)
  await finir(whole)
  const gironde = performance.now()
  const other = await demarrerParvis({ args: ['--territoire', '33', '--vide'] })
  ligne(
    `Ouvrir la Gironde (${other.demonstration.communes.length} communes), démarrage compris`,
    `${((performance.now() - gironde) / 1000).toFixed(1)} s`,
    '≤ 10 s',
  )
  await finir(other)
}

const parts: Record<string, () => Promise<void>> = { demarrages, pages, memoire, taille }
console.log('| mesure | valeur | cible |\n|---|---|---|')
for (const name of process.argv.slice(2).length > 0 ? process.argv.slice(2) : Object.keys(parts)) await parts[name]!()
process.exit(0)
