import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { startOfDay } from '../../../platform/clock.ts'
import { inTenant } from '../../../platform/db/open.ts'
import { testDatabase } from '../../../platform/db/testing.ts'
import type { Portee } from '../../../platform/http/route.ts'
import { newId } from '../../../platform/ids.ts'
import { demarche } from '../../demarches/index.ts'
import { definitions, type Reponses } from '../../formulaires/index.ts'
import { indexerAvantDeLister, indexerCeQuiAttend, indexerLesDossiers } from '../commands/indexer.ts'
import { ecrire, prendreEnInstruction } from '../commands/instruire.ts'
import type { Etat } from '../dossier.ts'
import { A_FAIRE, CANAUX, type Choix, ETATS_A_TRAITER, ETATS_VISIBLES, etatsDe, TOUT, TRIS, triDe } from '../recherche/choix.ts'
import { filtreDe } from '../recherche/filtre.ts'
import { motsCherches, motsDe } from '../recherche/mots.ts'
import { ouvrirMairie, usager } from '../testing.ts'
import { fileDInstruction, suiteDeLaVue, voisins } from './file-d-instruction.ts'
import { filtreDuLecteur } from './filtre-du-choix.ts'
import { estDansLaPortee } from './portee.ts'

const database = await testDatabase()
const { app, collectivite, agents, deposerUn, agir } = await ouvrirMairie(database)
const TODAY = '2026-11-21'
const DEMARCHE = 'occupation-domaine-public'
const SERVICES = ['Vie associative', 'Sports', 'État civil'] as const
const NOMS = ['Léa Martin', 'Noé Martineau', 'Zoé Éxemple', 'Jean Fictif', 'Ana Spécimen'] as const
const LABELS = [newId(), newId()] as const

/** A dossier as this test knows it: nothing of what the program computed. */
interface Vrai {
  readonly id: string
  readonly etat: Etat
  readonly demarche_id: string
  readonly service: string
  readonly agent: string | null
  readonly canal: (typeof CANAUX)[number]
  readonly nom: string
  readonly reference: string
  readonly depose: Date
  readonly modifie: Date
  readonly silence: string | null
  readonly reponse: Date | null
  readonly echeance: string | null
  readonly nonLu: boolean
  readonly cache: boolean
  readonly label: string | null
  readonly message: string
  readonly avisEnRetard: boolean
  readonly salle: string
  readonly personnes: number
  readonly debut: string
  readonly horaires: string
  readonly textes: readonly string[]
}

const vrais: Vrai[] = []
let champs: ReadonlyMap<string, definitions.Champ> = new Map()
// Always the same draw: what failed once fails again.
let state = 20_261_122
const random = (n: number) => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * n)
}
const one = <T>(values: readonly T[]): T => values[random(values.length)]!
const day = (offset: number) => new Date(Date.parse(TODAY) + offset * 86_400_000).toISOString().slice(0, 10)

function unVrai(rang: number, salles: readonly string[], titre: string): Vrai {
  const etat = one(ETATS_VISIBLES)
  const waits = ETATS_A_TRAITER.includes(etat)
  const service = one(SERVICES)
  const nom = one(NOMS)
  // Two in three filed at the same instant as another, so that ids decide.
  const depose = new Date(Date.parse('2026-10-01T08:00:00Z') + random(40) * 43_200_000)
  const [salle, horaires] = [one(salles), one(['de 9 h à midi', 'toute la soirée', 'midi'])]
  const message = one(['', '', 'Le chauffage est en panne', 'Merci beaucoup'])
  const echeance = etat === 'en_construction' && random(4) === 0 ? day(random(20) - 10) : null
  return {
    ...{
      id: newId(),
      etat,
      demarche_id: rang % 5 === 0 ? 'acte-etat-civil' : DEMARCHE,
      service,
      nom,
      depose,
      salle,
      horaires,
      message,
      echeance,
    },
    agent: one([null, ...agents]),
    canal: one(CANAUX),
    reference: `REF${String(rang).padStart(4, '0')}`,
    modifie: new Date(depose.getTime() + random(20) * 86_400_000),
    silence: waits && echeance === null ? day(random(60) - 20) : null,
    reponse: waits && random(5) === 0 ? new Date('2026-11-19T10:00:00Z') : null,
    nonLu: message !== '' && random(2) === 0,
    cache: random(12) === 0,
    label: one([null, ...LABELS]),
    avisEnRetard: waits && random(8) === 0,
    personnes: random(200),
    debut: day(random(90)),
    textes: [nom, titre, service, message],
  }
}

async function ranger(vrai: Vrai, definition: string): Promise<void> {
  const isHere = vrai.demarche_id === DEMARCHE
  const reponses: Reponses = {
    champs: isHere ? { nature: vrai.salle, longueur: vrai.personnes, debut: vrai.debut, horaires: vrai.horaires } : {},
    lignes: {},
  }
  const c = collectivite.id
  await inTenant(app.db, c, async tx => {
    await sql`insert into dossier (collectivite_id, id, reference, demarche_id, revision, definition, etat, canal, reponses, demandeur_nom, cree_le, modifie_le,
        depose_le, silence_le, agent_id, service, reponse_le, correction_en_attente, cache_le)
      values (${c}, ${vrai.id}, ${vrai.reference}, ${vrai.demarche_id}, 1, ${definition}, ${vrai.etat}, ${vrai.canal}, ${JSON.stringify(reponses)}, ${vrai.nom},
        ${vrai.depose}, ${vrai.modifie}, ${vrai.depose}, ${vrai.silence}, ${vrai.agent}, ${vrai.service}, ${vrai.reponse}, ${vrai.echeance !== null},
        ${vrai.cache ? vrai.modifie : null})`.execute(tx)
    if (vrai.message)
      await sql`insert into message (collectivite_id, dossier_id, id, auteur_nature, texte, le, lu_le)
        values (${c}, ${vrai.id}, ${newId()}, 'usager', ${vrai.message}, ${vrai.modifie}, ${vrai.nonLu ? null : vrai.modifie})`.execute(tx)
    if (vrai.echeance)
      await sql`insert into correction (collectivite_id, dossier_id, id, motif, message, champs, echeance, demandee_le, demandee_par)
        values (${c}, ${vrai.id}, ${newId()}, 'incomplet', 'x', '{}', ${vrai.echeance}, ${vrai.modifie}, ${agents[0]})`.execute(tx)
    if (vrai.label)
      await sql`insert into dossier_etiquette (collectivite_id, dossier_id, etiquette_id, posee_le) values (${c}, ${vrai.id}, ${vrai.label}, ${vrai.modifie})`.execute(
        tx,
      )
    if (vrai.avisEnRetard)
      await sql`insert into demande_avis (collectivite_id, dossier_id, id, question, nature, expert_nom, expert_courriel, etapes, pieces, est_confidentielle, echeance, jeton_empreinte, expire_le, demandee_le, demandee_par)
        values (${c}, ${vrai.id}, ${newId()}, '', 'libre', '', '', '{}', '{}', false, ${day(-1)}, ${Buffer.from(vrai.id)}, now(), now(), ${agents[0]})`.execute(
        tx,
      )
  })
}

before(async () => {
  const [here, elsewhere] = await inTenant(app.db, collectivite.id, async tx => {
    for (const [rang, id] of LABELS.entries())
      await sql`insert into etiquette (collectivite_id, id, nom, ton) values (${collectivite.id}, ${id}, ${`zetiquette${rang}`}, 'info')`.execute(
        tx,
      )
    return [(await demarche(tx, collectivite.id, DEMARCHE))!, (await demarche(tx, collectivite.id, 'acte-etat-civil'))!]
  })
  champs = new Map(here.modele.formulaire.etapes.flatMap(etape => etape.champs.map(champ => [champ.id, champ] as const)))
  const nature = champs.get('nature')!
  const salles = [...definitions.typeDe(nature).codes!(nature)!.keys()].slice(0, 3)
  for (let rang = 0; rang < 240; rang++) {
    const offre = rang % 5 === 0 ? elsewhere : here
    const vrai = unVrai(rang, salles, offre.modele.titre)
    vrais.push(vrai)
    await ranger(vrai, offre.definition)
  }
  // As a data folder of an earlier version: nothing is indexed, the job does it, and once.
  await indexerLesDossiers(app, {})
  await indexerLesDossiers(app, {})
})

const commence = (vrai: Vrai, mot: string) => {
  const label = vrai.label ? `zetiquette${LABELS.indexOf(vrai.label as (typeof LABELS)[number])}` : ''
  const answers =
    vrai.demarche_id === DEMARCHE ? [vrai.horaires, libelle(vrai.salle), longueurEnMots(vrai.personnes), dateEnMots(vrai.debut)] : []
  return [...vrai.textes, vrai.reference, label, ...answers].some(text => [...motsDe(text)].some(known => known.startsWith(mot)))
}
const libelle = (id: string) => definitions.typeDe(champs.get('nature')!).formater(champs.get('nature')!, id)
const longueurEnMots = (value: number) => definitions.typeDe(champs.get('longueur')!).formater(champs.get('longueur')!, value)
const dateEnMots = (value: string) => value.split('-').reverse().join('/')

const aFaire: Record<(typeof A_FAIRE)[number], (vrai: Vrai) => boolean> = {
  retard: v =>
    ETATS_A_TRAITER.includes(v.etat) && ((v.silence !== null && v.silence <= TODAY) || (v.echeance !== null && v.echeance < TODAY)),
  silence: v => ETATS_A_TRAITER.includes(v.etat) && v.silence !== null && v.silence > TODAY && v.silence <= day(15),
  reponse: v => v.reponse !== null,
  message: v => v.nonLu,
  avis: v => v.avisEnRetard,
  envoi: v => v.reference.endsWith('7'),
  nouveau: v => ETATS_A_TRAITER.includes(v.etat) && v.agent === null && v.echeance === null,
}

function repond(vrai: Vrai, choix: Choix, portee: Portee, mine: readonly string[]): boolean {
  const { q, faire, demarche: id, service, qui, etiquette, canal, du, au } = choix
  const filed = vrai.depose.toISOString()
  if (!etatsDe(choix).includes(vrai.etat) || vrai.cache || !estDansLaPortee(portee, vrai)) return false
  if (!motsCherches(q).every(mot => commence(vrai, mot))) return false
  if (faire && !aFaire[faire](vrai)) return false
  if ((id && vrai.demarche_id !== id) || (service && vrai.service !== service) || (canal && vrai.canal !== canal)) return false
  if (
    qui === 'personne'
      ? vrai.agent !== null
      : qui === 'moi'
        ? vrai.agent !== agents[0]
        : qui === 'equipe'
          ? !mine.includes(vrai.service)
          : qui !== '' && vrai.agent !== qui
  )
    return false
  if (
    (etiquette && vrai.label !== etiquette) ||
    (du && filed < startOfDay(du).toISOString()) ||
    (au && filed >= startOfDay(dayAfter(au)).toISOString())
  )
    return false
  return choix.champs.every(({ champ, valeur, de, a, mots }) => {
    if (champ === 'nature') return vrai.salle === valeur
    if (champ === 'longueur') return (!de || vrai.personnes >= Number(de)) && (!a || vrai.personnes <= Number(a))
    if (champ === 'debut') return (!de || vrai.debut >= de) && (!a || vrai.debut <= a)
    return motsCherches(mots!).every(mot => [...motsDe(vrai.horaires)].some(known => known.startsWith(mot)))
  })
}
const dayAfter = (value: string) => new Date(Date.parse(value) + 86_400_000).toISOString().slice(0, 10)

function naive(choix: Choix, portee: Portee, mine: readonly string[]): Vrai[] {
  const tri = triDe(choix)
  const key = (vrai: Vrai): string =>
    ({
      echeance: vrai.silence ?? '9999',
      anciens: vrai.depose.toISOString(),
      recents: vrai.depose.toISOString(),
      activite: vrai.modifie.toISOString(),
      nom: [...motsDe(vrai.nom)].join(' '),
    })[tri]
  const sign = tri === 'recents' || tri === 'activite' ? -1 : 1
  return vrais
    .filter(vrai => repond(vrai, choix, portee, mine))
    .sort((a, b) => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.id < b.id ? -1 : 1))
}

const parfois = <T>(values: readonly T[]) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant('' as const) }, { weight: 1, arbitrary: fc.constantFrom(...values) })
const unChamp: fc.Arbitrary<Choix['champs'][number]> = fc.oneof(
  fc.constantFrom(0, 1, 2).map(rang => ({ champ: 'nature', valeur: vrais.filter(v => v.demarche_id === DEMARCHE)[rang]!.salle })),
  fc.record({ champ: fc.constant('longueur'), de: fc.constantFrom('10', '50'), a: fc.constantFrom('120', '60') }),
  fc.record({ champ: fc.constant('debut'), de: fc.nat(60).map(day) }),
  fc.record({ champ: fc.constant('debut'), a: fc.nat(60).map(day) }),
  fc.record({ champ: fc.constant('horaires'), mots: fc.constantFrom('midi', 'toute soir', 'zzz') }),
)
const unChoix = fc
  .record({
    ...{
      q: parfois([
        'martin',
        'lea m',
        'ref00',
        'chauff',
        'ex',
        'occup',
        'zetiquette1',
        'introuvable',
        'é',
        'midi 9',
        'martin ex',
        'lea martin',
        'mar occup',
        'midi martineau',
      ]),
      etat: parfois(['tous', 'termines', ...ETATS_VISIBLES] as const),
    },
    ...{ faire: parfois(A_FAIRE), demarche: parfois([DEMARCHE, 'acte-etat-civil', 'inconnue']), service: parfois(SERVICES) },
    ...{ qui: parfois(['moi', 'equipe', 'personne', agents[1]]), etiquette: parfois(LABELS), canal: parfois(CANAUX) },
    ...{ du: parfois(['2026-10-05', '2026-10-18']), au: parfois(['2026-10-12', '2026-10-19']), tri: parfois(TRIS) },
    champs: fc.oneof(
      { weight: 3, arbitrary: fc.constant<Choix['champs']>([]) },
      { weight: 2, arbitrary: fc.uniqueArray(unChamp, { maxLength: 3, selector: c => c.champ }) },
    ),
    colonnes: fc.constant<string[]>([]),
  })
  .map((choix): Choix => (choix.champs.length > 0 ? { ...choix, demarche: DEMARCHE } : choix))
const unePortee: fc.Arbitrary<Portee> = fc.record({
  sauf: fc.constantFrom([], ['Sports'], ['Sports', 'État civil']),
  seulement: fc.constantFrom(
    null,
    null,
    [],
    [{ demarcheId: DEMARCHE, service: null }],
    [
      { demarcheId: null, service: 'Sports' },
      { demarcheId: 'acte-etat-civil', service: 'Vie associative' },
    ],
  ),
})
// So few dossiers would always be « few »: the three ways of reading must give the same list.
const desSeuils = fc.constantFrom({ peu: 2000, commun: 30_000 }, { peu: 3, commun: 30_000 }, { peu: 0, commun: 0 }, { peu: 20, commun: 60 })

const filtreDuTest = (choix: Choix, portee: Portee, services: readonly string[]) => {
  const filtre = filtreDe(choix, { agentId: agents[0], services, portee, aujourdhui: TODAY, debutDuJour: startOfDay }, champs)
  const nonJoints = vrais.filter(vrai => aFaire.envoi(vrai)).map(({ id }) => id)
  return filtre.faire ? { ...filtre, faire: { ...filtre.faire, dossiers: nonJoints } } : filtre
}

test('property: whatever the filter, the order, the rights and the way of reading, the list is what a naive reading gives', async () => {
  let found = 0
  await fc.assert(
    fc.asyncProperty(
      unChoix,
      unePortee,
      fc.constantFrom([], ['Sports'], ['Sports', 'Vie associative']),
      desSeuils,
      fc.constantFrom(1, 2),
      async (choix, portee, mine, seuils, page) => {
        const expected = naive(choix, portee, mine)
        found += expected.length
        const filtre = filtreDuTest(choix, portee, mine)
        const { lignes, total } = await inTenant(app.db, collectivite.id, tx =>
          fileDInstruction(tx, collectivite.id, filtre, page, { seuils, avecReponses: false, parPage: 25 }),
        )
        assert.deepEqual(
          lignes.map(({ reference }) => reference),
          expected.slice((page - 1) * 25, page * 25).map(({ reference }) => reference),
        )
        if (lignes.length > 0) assert.equal(total, expected.length)
      },
    ),
    { numRuns: 600 },
  )
  assert.ok(found > 3000, `${found} dossiers seen`)
})

test('property: the one before and the one after are those of the list', async () => {
  await fc.assert(
    fc.asyncProperty(unChoix, desSeuils, fc.nat(), async (choix, seuils, at) => {
      const portee = { sauf: [], seulement: null }
      const expected = naive(choix, portee, [])
      if (expected.length === 0) return
      const rang = at % expected.length
      const vrai = expected[rang]!
      const cle = {
        echeance: vrai.silence,
        anciens: vrai.depose,
        recents: vrai.depose,
        activite: vrai.modifie,
        nom: [...motsDe(vrai.nom)].join(' '),
      }[triDe(choix)]
      const filtre = filtreDuTest(choix, portee, [])
      const { avant, apres } = await inTenant(app.db, collectivite.id, tx =>
        voisins(tx, collectivite.id, filtre, { cle, id: vrai.id }, seuils),
      )
      assert.deepEqual([avant, apres], [expected[rang - 1]?.id ?? null, expected[rang + 1]?.id ?? null])
    }),
    { numRuns: 200 },
  )
})

test('property: an export reads each dossier once, in the order of filing, batch by batch', async () => {
  await fc.assert(
    fc.asyncProperty(unChoix, desSeuils, fc.constantFrom(1, 7, 50), async (choix, seuils, limite) => {
      const portee = { sauf: [], seulement: null }
      const expected = naive({ ...choix, tri: 'anciens' }, portee, [])
      const filtre = filtreDuTest(choix, portee, [])
      const ids = await inTenant(app.db, collectivite.id, async tx => {
        const read: string[] = []
        let curseur: { deposeLe: string; id: string } | null = null
        do {
          const batch: Awaited<ReturnType<typeof suiteDeLaVue>> = await suiteDeLaVue(tx, collectivite.id, filtre, curseur, limite, seuils)
          read.push(...batch.ids)
          curseur = batch.curseur
        } while (curseur)
        return read
      })
      assert.deepEqual(
        ids,
        expected.map(({ id }) => id),
      )
    }),
    { numRuns: 60 },
  )
})

test('terms follow the dossier in its transaction: a decision, a message, its erasure; nothing is left', async () => {
  const id = await deposerUn(DEMARCHE)
  const terms = async () => {
    const { rows } = await inTenant(app.db, collectivite.id, tx =>
      sql<{
        terme: string
      }>`select terme from terme where collectivite_id = ${collectivite.id} and dossier_id = ${id} order by terme`.execute(tx),
    )
    return rows.map(({ terme }) => terme)
  }
  // Not while the person files: by the first who lists, or the job.
  assert.deepEqual(await terms(), [])
  await inTenant(app.db, collectivite.id, tx => indexerCeQuiAttend(app, tx, collectivite.id))
  const filed = await terms()
  assert.ok(filed.length > 30, filed.join(' '))
  assert.ok(filed.includes(`=:agent=/en_construction`) && filed.includes(`=:demarche=${DEMARCHE}/en_construction`))
  await agir(id, prendreEnInstruction)
  await agir(id, cas => ecrire(cas, 'Pantoufle, saperlipopette'), usager)
  const later = await terms()
  assert.ok(later.includes('saperlipopette') && later.includes(`=:agent=${agents[0]}/en_instruction`))
  assert.ok(!later.includes('=:agent=/en_construction'))
  // Refused after having acted: nothing is written, index included.
  const refused = await agir(id, async cas => {
    await ecrire(cas, 'Cornegidouille')
    return ecrire(cas, '')
  })
  assert.ok(!refused.ok)
  assert.deepEqual(await terms(), later)
  await inTenant(app.db, collectivite.id, tx =>
    sql`delete from dossier where collectivite_id = ${collectivite.id} and id = ${id}`.execute(tx),
  )
  assert.deepEqual(await terms(), [])
})

test('filed a moment ago, a dossier is in the list of whoever asks, and the job of its event finds nothing left', async () => {
  const id = await deposerUn(DEMARCHE)
  const { rows } = await inTenant(app.db, collectivite.id, tx =>
    sql<{ reference: string }>`select reference from dossier where collectivite_id = ${collectivite.id} and id = ${id}`.execute(tx),
  )
  const agent = { id: agents[0]!, portee: { sauf: [], seulement: null } }
  const found = await inTenant(app.db, collectivite.id, async tx => {
    const filtre = await filtreDuLecteur({ app, collectivite, agent }, tx, { ...TOUT, q: rows[0]!.reference }, new Map())
    return fileDInstruction(tx, collectivite.id, filtre, 1)
  })
  assert.deepEqual(
    found.lignes.map(ligne => ligne.id),
    [id],
  )
  assert.deepEqual(await inTenant(app.db, collectivite.id, tx => indexerCeQuiAttend(app, tx, collectivite.id)), { ecrits: 0, restent: 0 })
})

test('what somebody else is indexing is waited for a moment and is in the list; what they keep does not hold the list back', async () => {
  const id = await deposerUn(DEMARCHE)
  const isListed = () =>
    inTenant(app.db, collectivite.id, async tx => {
      await indexerAvantDeLister(app, tx, collectivite.id)
      const { rows } = await sql`select from terme where collectivite_id = ${collectivite.id} and dossier_id = ${id} limit 1`.execute(tx)
      return rows.length === 1
    })
  // The other transaction has the dossier, and ends when it is told.
  const other = (hasWritten: boolean) => {
    const [taken, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const ended = inTenant(app.db, collectivite.id, async tx => {
      if (hasWritten) await indexerCeQuiAttend(app, tx, collectivite.id)
      else await sql`select from dossier where collectivite_id = ${collectivite.id} and id = ${id} for update`.execute(tx)
      taken.resolve()
      await release.promise
    })
    return { taken: taken.promise, release: release.resolve, ended }
  }
  const keeper = other(false)
  await keeper.taken
  assert.equal(await isListed(), false, 'kept by somebody else: the list goes on without it')
  keeper.release()
  await keeper.ended
  const writer = other(true)
  await writer.taken
  const listed = isListed()
  setTimeout(writer.release, 60)
  assert.equal(await listed, true)
  await writer.ended
})

test('two agents at once: the words of both are found', async () => {
  const id = await deposerUn(DEMARCHE)
  const texts = ['alphabetagamma', 'deltaepsilon']
  const results = await Promise.allSettled(texts.map(text => agir(id, cas => ecrire(cas, text), usager)))
  for (const [rang, result] of results.entries()) {
    const done = result.status === 'fulfilled' && result.value.ok
    const filtre = filtreDuTest({ ...TOUT, q: texts[rang]! }, { sauf: [], seulement: null }, [])
    const { total } = await inTenant(app.db, collectivite.id, tx => fileDInstruction(tx, collectivite.id, filtre, 1))
    assert.equal(total, done ? 1 : 0)
  }
})
