import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import fc from 'fast-check'
import { disarmed, writeTables } from '../../../platform/export/index.ts'
import { definitions, type Env, type Formulaire, type Reponses } from '../../formulaires/index.ts'
import { anyFormulaire, reponsesAuHasard } from '../../formulaires/testing/random.ts'
import { colonnesDuFormulaire, type Forme, type LigneLue } from './colonnes.ts'
import { ECRITS, type Source, tablesDe } from './ecrire.ts'

const ENV: Env = {
  aujourdhui: '2026-11-21',
  commune: { nom: 'Valnoir', insee: '14999', epci: '', departement: '14', region: '28', population: 900 },
  parametres: {},
}

/** Dossiers of two forms, exported with the columns of the first; stored answers that nobody typed. */
const drawn = fc.record({
  formulaires: fc.tuple(anyFormulaire, anyFormulaire),
  reservee: fc.nat(3),
  dossiers: fc.array(fc.record({ rang: fc.nat(1), seed: fc.nat(1e6), noted: fc.boolean() }), { minLength: 1, maxLength: 8 }),
})

const dossier = (formulaire: Formulaire, definition: string, seed: number, noted: boolean) =>
  ({
    id: `${seed}`,
    reference: `R${seed}`,
    definition,
    reponses: reponsesAuHasard(formulaire, seed),
    annotations: noted ? reponsesAuHasard(formulaire, seed + 1) : {},
  }) as LigneLue

// Column by column and cell by cell, everything looked up anew: slow and plain, what the readers made once a definition must give.
function attendu(ligne: LigneLue, column: Formulaire, own: Formulaire) {
  const annotations: Partial<Reponses> = ligne.annotations ?? {}
  const whole = { ...ligne.reponses!, champs: { ...ligne.reponses!.champs, ...annotations.champs } }
  const values = (etape: Formulaire['etapes'][number], champ: definitions.Champ): unknown[] => {
    const rows = ligne.reponses!.lignes
    if (champ.type === 'calcul') {
      const vue = definitions.ouvrirVue(own, whole, ENV)
      const place = definitions.indexDe(own).champs.get(champ.id)
      if (!place) return []
      if (!place.etape.repetition) return [vue.valeur(place.champ)]
      return vue.etapeVisible(place.etape) ? (rows[place.etape.id] ?? []).map(({ id }) => vue.valeur(place.champ, id)) : []
    }
    if (etape.repetition) return (rows[etape.id] ?? []).map(({ champs }) => champs[champ.id])
    return [(etape.reservee ? annotations.champs : ligne.reponses!.champs)?.[champ.id]]
  }
  return [...column.etapes]
    .sort((a, b) => Number(a.reservee ?? false) - Number(b.reservee ?? false))
    .flatMap(etape =>
      etape.champs
        .filter(({ type }) => !['nir', 'explication', 'section'].includes(type))
        .map(champ => {
          const found = values(etape, champ).map(value => value ?? null)
          const known = definitions.indexDe(own).champs.get(champ.id)?.champ ?? champ
          const cells = found.map(value => cellule(known, value)).filter(cell => cell !== null)
          return {
            cle: `c.${champ.id}`,
            valeur: etape.repetition ? found : (found[0] ?? null),
            texte: cells.length > 1 ? cells.join(' ; ') : (cells[0] ?? null),
          }
        }),
    )
}

function cellule(champ: definitions.Champ, value: unknown): string | number | null {
  const type = definitions.typeDe(champ)
  if (value === null || !type.est(value)) return null
  if (champ.type === 'date' || champ.type === 'date_heure') return String(value)
  const result = type.resultat(champ, value)
  const nature = type.nature(champ)
  if (typeof result === 'number' && nature === 'montant') return result / 100
  if ((typeof result === 'number' && nature === 'nombre') || (typeof result === 'string' && nature === 'date')) return result
  return type.formater(champ, value).replace(/\s*\n\s*/g, ', ') || null
}

function champCsv(cell: string | number | null, kind: string): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return (kind === 'amount' ? cell.toFixed(2) : String(cell)).replace('.', ',')
  if (kind === 'instant' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(cell)) return cell.replace('T', ' ')
  const safe = disarmed(cell)
  return /["\r\n;,\t]|^ | $/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

// As latin1: a byte a character, the mark of UTF-8 included.
const written = async (source: Source, format: 'csv' | 'json') => {
  const tables = tablesDe(source, { format, colonnes: [], repetitions: 'jointes' })
  return (await buffer(Readable.from(writeTables(ECRITS[format], tables, source.le)))).toString('latin1')
}
const utf8 = (text: string) => Buffer.from(text).toString('latin1')

test('whatever the forms and the answers, an export has what a plain reading of each cell gives, to the byte', () =>
  fc.assert(
    fc.asyncProperty(drawn, async ({ formulaires, reservee, dossiers }) => {
      const [first, second] = formulaires.map(
        ({ etapes }): Formulaire => ({
          etapes: etapes.map((etape, rang) => (rang === reservee && !etape.repetition ? { ...etape, reservee: true } : etape)),
        }),
      ) as [Formulaire, Formulaire]
      const formes: Record<string, Forme> = Object.fromEntries(
        Object.entries({ first, second }).map(([titre, formulaire]) => [titre, { titre, formulaire, env: () => ENV }]),
      )
      const lignes = dossiers.map(({ rang, seed, noted }) => dossier([first, second][rang]!, ['first', 'second'][rang]!, seed, noted))
      const colonnes = colonnesDuFormulaire(first)
      const source = {
        colonnes,
        lire: async function* () {
          yield lignes
        },
        autour: { agent: () => '', forme: (definition: string) => formes[definition]!, instant: () => '' },
        le: new Date('2026-11-21T09:30:00Z'),
      }
      const plain = lignes.map(ligne => ({ id: ligne.id, cells: attendu(ligne, first, formes[ligne.definition]!.formulaire) }))
      const objects = plain.map(({ id, cells }) => ({ id, ...Object.fromEntries(cells.map(({ cle, ...cell }) => [cle, cell])) }))
      const libelles = JSON.stringify(Object.fromEntries(colonnes.map(({ cle, titre }) => [cle, titre])))
      assert.equal(
        await written(source, 'json'),
        utf8(`{"colonnes":${libelles},\n"dossiers":[\n${objects.map(object => JSON.stringify(object)).join(',\n')}\n]}\n`),
      )
      const rows = plain.map(({ cells }) => cells.map(({ texte }, rang) => champCsv(texte, colonnes[rang]!.genre)).join(';'))
      const head = colonnes.map(({ titre }) => champCsv(titre, 'text')).join(';')
      assert.equal(await written(source, 'csv'), utf8(`\ufeff${[head, ...rows].map(row => `${row}\r\n`).join('')}`))
    }),
    { numRuns: 150 },
  ))
