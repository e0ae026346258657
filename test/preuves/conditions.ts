import { spawnSync } from 'node:child_process'
import { arch, availableParallelism, loadavg, platform, totalmem } from 'node:os'
import { join } from 'node:path'
import { nativeFolder } from '../../src/platform/db/embedded-binaries.ts'
import { racine } from '../chaine/verrou.ts'
import type { Conditions } from './page.ts'

const PAGE = 'docs/preuves.md'

/** What the machines are played under, read before them: the page that they write does not count as a change. */
export function conditions(isComplet: boolean): Conditions {
  const git = (...args: string[]) => said('git', ['-C', racine, ...args])
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: git('rev-parse', 'HEAD') || undefined,
    isModifie: git('status', '--porcelain', '--', '.', `:!${PAGE}`) !== '',
    isComplet,
    node: process.versions.node,
    postgresql: said(join(nativeFolder(), 'bin/postgres'), ['--version']).match(/[\d.]+/)?.[0] ?? 'inconnu',
    systeme: `${platform()} ${arch()}`,
    coeurs: availableParallelism(),
    charge: loadavg()[0]!,
    memoireGo: Math.round(totalmem() / 1024 ** 3),
  }
}

const said = (command: string, args: string[]): string => spawnSync(command, args, { encoding: 'utf8' }).stdout?.trim() ?? ''
