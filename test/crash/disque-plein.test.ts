import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { isComplet, noterPreuve } from '../builders/preuves.ts'
import { ouvrirAtelier, resteAFaire } from './atelier.ts'
import { ouvrirClient } from './clients.ts'
import { ouvrirFacteur } from './courrier.ts'
import { attendre, ouvrirProgramme } from './programme.ts'
import { verifier } from './verifier.ts'

const isRoot = process.getuid?.() === 0
const SUJET = {
  machine: 'crash-disque',
  titre: 'Disque plein, de la base et des fichiers, pendant que quatre clients travaillent, puis place rendue',
}
const skip = isComplet ? (isRoot ? false : 'il faut être root pour monter un disque de cette taille') : 'joué en mode complet'
if (skip) noterPreuve({ ...SUJET, mesures: [], nonJoue: [`${skip}.`] })

test('the disk of the database and of the files is full: said, nothing lost, and served again by itself once there is room', {
  skip,
  timeout: 300_000,
}, async t => {
  const disque = mkdtempSync(join(tmpdir(), 'parvis-disque-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=400m,mode=755', 'tmpfs', disque], { encoding: 'utf8' })
  if (mounted.status !== 0) {
    noterPreuve({ ...SUJET, mesures: [], nonJoue: ['cette machine ne laisse pas monter un disque.'] })
    return t.skip(mounted.stderr)
  }
  const facteur = await ouvrirFacteur()
  const programme = await ouvrirProgramme({ PARVIS_SMTP: facteur.url }, disque)
  t.after(async () => {
    await programme.arreter()
    await facteur.fermer()
    spawnSync('umount', ['-l', disque])
    rmSync(disque, { recursive: true, force: true })
  })
  let isOver = false
  const atelier = await ouvrirAtelier(programme, () => isOver)
  const clients = Array.from({ length: 4 }, (_, rank) => ouvrirClient(atelier, rank))
  await sleep(1500)
  const seen = new Set<number>()
  const pleins = join(disque, 'plein')
  // Refilled as room appears: the database itself gives back some when it starts again.
  for (let turn = 0; turn < 60; turn++) {
    remplir(`${pleins}-${turn}`, disque)
    seen.add(await programme.sante())
    await sleep(250)
  }
  for (let turn = 0; turn < 60; turn++) rmSync(`${pleins}-${turn}`, { force: true })
  const tookMs = await attendre('the service by itself', async () => (await programme.sante()) === 200, 60_000)
  isOver = true
  await Promise.all(clients.map(({ fini }) => fini))
  await attendre('what was promised', async () => (await resteAFaire(programme)).length === 0, 90_000)
  const constat = await verifier(
    programme,
    clients.flatMap(({ acquis }) => acquis),
    facteur.pris,
  )
  const reprises = clients.reduce((sum, client) => sum + client.reprises(), 0)
  assert.ok(reprises > 0, 'the disk was never full for anybody')
  assert.ok(seen.has(503), 'whoever watches /sante was not told')
  for (const found of [constat.perdus, constat.doubles, constat.aMoitie, constat.illisibles]) assert.deepEqual(found, [])
  // The server took it and there was no room left to write so: it goes again, under the same Message-ID, and no more than once.
  const again = constat.courrielsDoubles
  assert.deepEqual(
    again.filter((id, rank) => again.indexOf(id) !== rank),
    [],
    'a message three times',
  )
  assert.equal(constat.journal, 'intact')
  noterPreuve({
    ...SUJET,
    mesures: [
      { nom: 'Perdu, en double, à moitié écrit, illisible', valeur: '0', cible: '0', tenue: true },
      {
        nom: 'Courriels remis deux fois, le disque s’étant rempli entre la réponse du serveur et son écriture',
        valeur: String(again.length),
        cible: '0',
        tenue: again.length === 0,
      },
      { nom: 'Envois repris', valeur: String(reprises), cible: '–', tenue: true },
      { nom: 'De nouveau ouvert, sans personne', valeur: `${(tookMs / 1000).toFixed(1)} s`, cible: '–', tenue: true },
      { nom: 'Réponses de /sante pendant la panne', valeur: [...seen].join(', '), cible: '–', tenue: true },
    ],
  })
})

function remplir(path: string, disque: string): void {
  const { bavail, bsize } = statfsSync(disque)
  if (bavail === 0) return
  try {
    writeFileSync(path, Buffer.alloc(bavail * bsize))
  } catch {
    // Somebody else took the last block.
  }
}
