import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import fc from 'fast-check'
import { disarmed, isTooManyRows } from '../../../platform/export/index.ts'
import { definitions, type Env, type Formulaire, type Reponses } from '../../formulaires/index.ts'
import { anyFormulaire, reponsesAuHasard } from '../../formulaires/testing/random.ts'
import { type ColonneExport, colonnesDuFormulaire, FAITS, type LigneLue } from './colonnes.ts'
import { CHAMPS_DE_LIGNE, type Demande, ecrireExport, ecrireLots, type Lecture, type LotLu } from './ecrire.ts'
import { FORMATS, type Format, type FormatDExport } from './format.ts'

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
    depose_le: LE,
    modifie_le: LE,
    decide_le: null,
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

const LE = new Date('2026-11-21T09:30:00Z')

/** As the database gives them, three lines of JSON each. */
const lot = (lignes: readonly LigneLue[], formes: Readonly<Record<string, Formulaire>>, agents: LotLu['agents'] = []): LotLu => ({
  lignes: lignes
    .flatMap(ligne => [
      [...CHAMPS_DE_LIGNE.map(nom => ligne[nom]), ligne.motif, ligne.avis, ligne.etiquettes],
      ligne.reponses ?? null,
      ligne.annotations ?? null,
    ])
    .map(part => JSON.stringify(part))
    .join('\n'),
  formes: Object.entries(formes).map(([titre, formulaire]) => [titre, { titre, formulaire, env: ENV }]),
  agents,
})

const demande = (colonnes: readonly ColonneExport[], format: Format, repetitions: 'jointes' | 'feuilles' = 'jointes'): Demande => ({
  colonnes,
  format: { format, colonnes: [], repetitions },
  timeZone: 'Europe/Paris',
  le: LE,
})

async function* enLots(...lots: LotLu[]): AsyncGenerator<LotLu> {
  yield* lots
}

// As latin1: a byte a character, the mark of UTF-8 included.
const written = async (colonnes: readonly ColonneExport[], format: 'csv' | 'json', ...lots: LotLu[]) =>
  (await buffer(Readable.from(ecrireLots(demande(colonnes, format), () => enLots(...lots))))).toString('latin1')
const utf8 = (text: string) => Buffer.from(text).toString('latin1')

test('whatever the forms and the answers, an export has what a plain reading of each cell gives, to the byte', () =>
  fc.assert(
    fc.asyncProperty(drawn, async ({ formulaires, reservee, dossiers }) => {
      const [first, second] = formulaires.map(
        ({ etapes }): Formulaire => ({
          etapes: etapes.map((etape, rang) => (rang === reservee && !etape.repetition ? { ...etape, reservee: true } : etape)),
        }),
      ) as [Formulaire, Formulaire]
      const formes: Record<string, Formulaire> = { first, second }
      const lignes = dossiers.map(({ rang, seed, noted }) => dossier([first, second][rang]!, ['first', 'second'][rang]!, seed, noted))
      const colonnes = colonnesDuFormulaire(first)
      const lots = [lot(lignes.slice(0, 3), formes), lot([], {}), lot(lignes.slice(3), {})]
      const plain = lignes.map(ligne => ({ id: ligne.id, cells: attendu(ligne, first, formes[ligne.definition]!) }))
      const objects = plain.map(({ id, cells }) => ({ id, ...Object.fromEntries(cells.map(({ cle, ...cell }) => [cle, cell])) }))
      const libelles = JSON.stringify(Object.fromEntries(colonnes.map(({ cle, titre }) => [cle, titre])))
      assert.equal(
        await written(colonnes, 'json', ...lots),
        utf8(`{"colonnes":${libelles},\n"dossiers":[\n${objects.map(object => JSON.stringify(object)).join(',\n')}\n]}\n`),
      )
      const rows = plain.map(({ cells }) => cells.map(({ texte }, rang) => champCsv(texte, colonnes[rang]!.genre)).join(';'))
      const head = colonnes.map(({ titre }) => champCsv(titre, 'text')).join(';')
      assert.equal(await written(colonnes, 'csv', ...lots), utf8(`\ufeff${[head, ...rows].map(row => `${row}\r\n`).join('')}`))
    }),
    { numRuns: 150 },
  ))

const FAMILLE: Formulaire = {
  etapes: [
    { id: 'vous', titre: 'Vous', champs: [{ id: 'nom', type: 'texte', libelle: 'Nom' }] },
    {
      id: 'enfants',
      titre: 'Enfants',
      repetition: { minimum: 0, maximum: 10, nomDeLigne: 'enfant' },
      champs: [{ id: 'prenom', type: 'texte', libelle: 'Prénom' }],
    },
  ],
} as never
const AGENT = '01900000-0000-7000-8000-000000000001'
const famille = (rang: number, enfants: number, mot = ''): LigneLue => ({
  id: `01900000-0000-7000-8000-${String(rang).padStart(12, '0')}`,
  reference: `R${rang}`,
  demarche_id: 'cantine',
  definition: 'famille',
  etat: 'accepte',
  canal: 'guichet',
  service: 'Écoles ; jeunesse',
  agent_id: rang % 2 ? AGENT : null,
  demandeur_nom: `Famille fictive ${rang}`,
  demandeur_courriel: null,
  depose_le: new Date('2026-07-14T22:30:00Z'),
  modifie_le: new Date('2026-12-31T23:59:59.999Z'),
  silence_le: '2027-01-24',
  decide_le: rang % 3 ? new Date('1969-12-31T23:59:59.007Z') : null,
  motif: 'Une\nraison',
  avis: [{ expert: 'Experte', reponse: 'favorable', texte: '« Oui »\nmais' }],
  etiquettes: ['Urgent', 'À "revoir"'],
  reponses: {
    champs: { nom: `=1+1 <b>&‑’ ${rang}${mot}` },
    lignes: { enfants: Array.from({ length: enfants }, (_, at) => ({ id: `e${at}`, champs: { prenom: `Enfant ${at}` } })) },
  },
  annotations: { champs: {}, lignes: {} } as never,
})
const COLONNES = [...FAITS, ...colonnesDuFormulaire(FAMILLE)]
const familles = (from: number, count: number, enfants = 2, mot?: string) =>
  lot(
    Array.from({ length: count }, (_, at) => famille(from + at, enfants, mot)),
    from === 0 ? { famille: FAMILLE } : {},
    from === 0 ? [[AGENT, 'Agente fictive']] : [],
  )
const lecture = (lire: Lecture['lire'], colonnes = COLONNES): Lecture => ({ colonnes, lire, timeZone: 'Europe/Paris', le: LE })

test('the facts are those of the dossier, in the time of the place, and as they are stored', async () => {
  const { dossiers } = JSON.parse(Buffer.from(await written(COLONNES, 'json', familles(0, 2)), 'latin1').toString())
  const of = (cle: string) => [dossiers[1][cle].valeur, dossiers[1][cle].texte]
  assert.deepEqual(of('depot'), ['2026-07-14T22:30:00.000Z', '2026-07-15T00:30'])
  assert.deepEqual(of('modification'), ['2026-12-31T23:59:59.999Z', '2027-01-01T00:59'])
  assert.deepEqual(of('decision'), ['1969-12-31T23:59:59.007Z', '1970-01-01T00:59'])
  assert.deepEqual(of('silence'), ['2027-01-24', '2027-01-24'])
  assert.deepEqual(of('agent'), [AGENT, 'Agente fictive'])
  assert.deepEqual([dossiers[0].agent.valeur, dossiers[0].decision.valeur], [null, null])
  assert.deepEqual(of('canal'), ['guichet', 'Au guichet'])
  assert.deepEqual(of('demarche'), ['cantine', 'famille'])
  assert.equal(of('motif')[1], 'Une, raison')
  assert.equal(of('avis')[1], 'Experte : favorable : « Oui », mais')
  assert.deepEqual(of('etiquettes'), [['Urgent', 'À "revoir"'], 'Urgent ; À "revoir"'])
  assert.deepEqual(of('c.prenom'), [['Enfant 0', 'Enfant 1'], 'Enfant 0 ; Enfant 1'])
})

for (const format of FORMATS)
  test(`${format}: a thread writes the same bytes, its sheets too`, async () => {
    const lots = () => enLots(...Array.from({ length: 10 }, (_, at) => familles(at * 50, 50)))
    for (const repetitions of ['jointes', 'feuilles'] as const) {
      const asked = demande(COLONNES, format, repetitions)
      const here = await buffer(Readable.from(ecrireLots(asked, lots)))
      assert.ok((await buffer(ecrireExport(lecture(lots), asked.format))).equals(here))
    }
  })

test('a sheet of too many rows is told as such, and what could not be read as what it was', async () => {
  async function* many(): AsyncGenerator<LotLu> {
    for (let at = 0; at < 60; at++) yield familles(at * 9, 9, 2000)
  }
  const workbook: FormatDExport = { format: 'ods', colonnes: [], repetitions: 'feuilles' }
  const columns = COLONNES.filter(({ repetee }) => repetee)
  await assert.rejects(buffer(ecrireExport(lecture(many, columns), workbook)), isTooManyRows)
  async function* broken(): AsyncGenerator<LotLu> {
    yield familles(0, 1)
    throw new Error('base')
  }
  for (const format of ['csv', 'xlsx'] as const)
    await assert.rejects(buffer(ecrireExport(lecture(broken), { ...workbook, format })), /base/)
})

test('who stops reading an export stops what reads its dossiers', async () => {
  let made = 0
  const closed = Promise.withResolvers<void>()
  async function* endless(): AsyncGenerator<LotLu> {
    try {
      for (; ; made++) yield familles(made * 10, 10, 2, 'x'.repeat(1000))
    } finally {
      closed.resolve()
    }
  }
  const stream = ecrireExport(lecture(endless), { format: 'csv', colonnes: [], repetitions: 'jointes' })
  stream.on('data', () => {
    if (made > 100) stream.destroy()
  })
  await closed.promise
})

for (const format of ['csv', 'xlsx', 'ods', 'json'] as const)
  test(`${format}: 40,000 dossiers read slowly do not grow in memory, and are not read before they are asked for`, async () => {
    let made = 0
    const lot = familles(0, 5, 2, ` "${'mot '.repeat(2100)}`)
    async function* many(): AsyncGenerator<LotLu> {
      for (let at = 0; at < 8000; at++) {
        made += 5
        yield lot
      }
    }
    const chunks = ecrireExport(lecture(many), { format, colonnes: [], repetitions: 'jointes' })[Symbol.asyncIterator]()
    await chunks.next()
    await new Promise(resolve => setTimeout(resolve, 100))
    assert.ok(made < 5000, `${made} dossiers read while nobody took them`)
    const before = process.memoryUsage.rss()
    let most = 0
    let bytes = 0
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
      bytes += (next.value as Buffer).length
      most = Math.max(most, process.memoryUsage.rss())
    }
    assert.equal(made, 40_000)
    assert.ok(bytes > 500_000)
    // What is read is 690 MB (two bytes a character); what grew is some 30, and may be the young heaps of the tests, 64 each.
    assert.ok(most - before < 200 * 1024 * 1024, `${Math.round((most - before) / 1e6)} MB more`)
  })
