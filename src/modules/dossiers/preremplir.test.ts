import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { envDe, type Modele } from '../demarches/index.ts'
import { exemples, jouerExemple, modeles } from '../demarches/livre.ts'
import { aucuneReponse, definitions, type Env, ineligibility, problems, type Reponses } from '../formulaires/index.ts'
import {
  formulaireAPreparer,
  identiteReprise,
  lirePreparation,
  lireValeurs,
  retenir,
  sansEngagements,
  seProposeAvance,
} from './preremplir.ts'
import { provenanceDe, provenancesDe, provenancesRestantes } from './provenances.ts'

const commune = { nom: 'Valnoir', insee: '14999', epci: '', departement: '14', region: '28', population: 800 }
const envOf = (modele: Modele): Env => envDe(modele, '2026-11-21', commune)
const modele = (id: string): Modele => modeles.find(one => one.id === id)!
const cantine = modele('restauration-scolaire')
const read = (valeurs: Record<string, unknown>, of = cantine) => lireValeurs(of, envOf(of), new Map(Object.entries(valeurs)))

/** What the engine would still refuse in answers, missing ones apart. */
function refusedBy(of: Modele, reponses: Reponses): string[] {
  const about = new Set(ineligibility(of.formulaire, reponses, envOf(of)))
  return problems(of.formulaire, reponses, envOf(of))
    .filter(({ champ, rowId, message }) => rowId === undefined && Object.hasOwn(reponses.champs, champ) && !about.has(message))
    .map(({ champ, message }) => `${champ}: ${message}`)
}

test('a value is read as it would be typed, or as it is stored', () => {
  const { reponses, refuses } = read({ responsablePrenom: '  Camille ', responsableNom: 'Exemple', telephone: '02.61.91.00.12' })
  assert.deepEqual(refuses, [])
  assert.equal(reponses.champs.responsablePrenom, 'Camille')
  assert.deepEqual(read({ adresse: { voie: '1 rue Neuve', codePostal: '14999', commune: 'Valnoir' } }).reponses.champs.adresse, {
    voie: '1 rue Neuve',
    complement: '',
    codePostal: '14999',
    commune: 'Valnoir',
  })
  const acte = modele('acte-etat-civil')
  const dateField = acte.formulaire.etapes.flatMap(({ champs }) => champs).find(({ type }) => type === 'date')!
  assert.deepEqual(
    ['27/03/1985', '1985-03-27', { jour: '27', mois: '3', annee: '1985' }].map(typed =>
      lireValeurs(acte, envOf(acte), new Map([[dateField.id, typed]])).refuses.filter(({ message }) => !message.includes('ne se pose pas')),
    ),
    [[], [], []],
  )
})

test('what nobody answers for somebody else is refused and said', () => {
  for (const of of modeles) {
    for (const { champ, etape } of definitions.indexDe(of.formulaire).champs.values()) {
      if (seProposeAvance(champ) && !etape.repetition) continue
      for (const value of ['oui', true, { nom: 'Camille Exemple', valeur: 'oui' }, [{ id: 'x', nom: 'a.pdf', tailleOctets: 1 }]]) {
        const { reponses, refuses } = read({ [champ.id]: value }, of)
        assert.deepEqual(reponses, aucuneReponse, `${of.id} ${champ.id}`)
        assert.equal(refuses.length, 1)
        assert.match(refuses[0]!.message, /elle-même/)
      }
    }
  }
})

test('whatever is given, in any shape, what is kept is what the engine accepts, and all the rest is said', () => {
  const any = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom('oui', 'madame', '27/03/1985', '12,50', '1e999', '<zqx>', '\0', '\ud800', 'x'.repeat(30_000), '__proto__'),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.string(), { maxLength: 5 }),
    fc.dictionary(
      fc.constantFrom(
        'voie',
        'codePostal',
        'commune',
        'code',
        'nom',
        'departement',
        'region',
        'cle',
        'libelle',
        'valeurs',
        'choix',
        'precision',
        'jour',
        '__proto__',
      ),
      fc.anything(),
    ),
    fc.anything({ maxDepth: 4 }),
  )
  fc.assert(
    fc.property(fc.constantFrom(...modeles), fc.array(fc.tuple(fc.nat(), any), { maxLength: 25 }), fc.string(), (of, given, unknown) => {
      const ids = [...definitions.indexDe(of.formulaire).champs.keys()]
      const valeurs = new Map<string, unknown>([
        [`?${unknown}`, 'x'],
        ...given.map(([at, value]) => [ids[at % ids.length]!, value] as const),
      ])
      const { reponses, refuses } = lireValeurs(of, envOf(of), valeurs)
      assert.deepEqual(refusedBy(of, reponses), [])
      assert.deepEqual(reponses.lignes, {})
      for (const id of valeurs.keys())
        assert.notEqual(
          Object.hasOwn(reponses.champs, id),
          refuses.some(({ champ }) => champ === id.slice(0, 60)),
          `${of.id} ${id}`,
        )
      for (const { message } of refuses) assert.match(message, /\S.*[.!]$/u)
      assert.deepEqual(retenir(of, envOf(of), reponses), { reponses, refuses: [] }, 'what was kept is kept again')
    }),
    { numRuns: 3000 },
  )
})

test('a link prepared before a new revision gives what is still accepted, and says the rest', () => {
  const { reponses } = read({ responsableNom: 'Exemple', courriel: 'camille@courriel.example' })
  const etapes = cantine.formulaire.etapes.map(etape => ({ ...etape, champs: etape.champs.filter(({ id }) => id !== 'courriel') }))
  const kept = retenir({ ...cantine, formulaire: { ...cantine.formulaire, etapes } }, envOf(cantine), reponses)
  assert.deepEqual(kept.reponses.champs, { responsableNom: 'Exemple' })
  assert.deepEqual(
    kept.refuses.map(({ champ }) => champ),
    ['courriel'],
  )
})

test('the page that prepares a link asks nothing that only the person answers, and requires nothing', () => {
  for (const of of modeles) {
    const champs = formulaireAPreparer(of).etapes.flatMap(etape => etape.champs)
    assert.ok(champs.length > 0, of.id)
    assert.ok(
      champs.every(champ => seProposeAvance(champ) && !champ.visibleSi && !champ.autocomplete && champ.obligatoire === false),
      of.id,
    )
    assert.deepEqual(lirePreparation(of, envOf(of), {}), { reponses: aucuneReponse, erreurs: [] })
  }
  const { erreurs, reponses } = lirePreparation(cantine, envOf(cantine), { courriel: 'pas une adresse', responsableNom: 'Exemple' })
  assert.deepEqual(
    erreurs.map(({ champ }) => champ),
    ['courriel'],
  )
  assert.deepEqual(reponses.champs, { responsableNom: 'Exemple' })
})

test('of an earlier dossier, another form takes only who the person is', () => {
  const salle = modele('location-salle')
  for (const of of modeles) {
    const given = jouerExemple(of, exemples[of.id]![0]!, envOf(of)).reponses
    const taken = identiteReprise(of, salle, envOf(salle), given)
    assert.deepEqual(refusedBy(salle, taken), [])
    for (const [id, value] of Object.entries(taken.champs)) {
      const [mine, theirs] = [of, salle].map(m => definitions.indexDe(m.formulaire).champs.get(id)!.champ)
      assert.equal(mine!.type, theirs!.type)
      assert.ok(mine!.autocomplete && mine!.autocomplete === theirs!.autocomplete)
      assert.deepEqual(value, given.champs[id])
    }
  }
  const cantineGiven = jouerExemple(cantine, exemples[cantine.id]![0]!, envOf(cantine)).reponses
  assert.ok('courriel' in identiteReprise(cantine, cantine, envOf(cantine), cantineGiven).champs)
})

test('a dossier carried over keeps its rows, and neither documents nor commitments', () => {
  for (const of of modeles) {
    const given = jouerExemple(of, exemples[of.id]![0]!, envOf(of)).reponses
    const kept = sansEngagements(of, envOf(of), given)
    assert.deepEqual(Object.keys(kept.lignes), Object.keys(given.lignes), of.id)
    const champs = definitions.indexDe(of.formulaire).champs
    const all = [kept.champs, ...Object.values(kept.lignes).flatMap(rows => rows.map(row => row.champs))]
    for (const id of all.flatMap(values => Object.keys(values))) assert.ok(seProposeAvance(champs.get(id)!.champ), `${of.id} ${id}`)
  }
})

test('the provenance of an answer goes when the answer changes, and only then', () => {
  const avant: Reponses = {
    champs: { nom: 'A', ville: { code: '1', nom: 'V', departement: '', region: '' } },
    lignes: { e: [{ id: 'r', champs: { nom: 'B' } }] },
  }
  const given = provenancesDe(avant, 'votre demande')
  assert.equal(provenanceDe(given, 'nom', 'r'), 'votre demande')
  assert.deepEqual(provenancesRestantes(given, avant, structuredClone(avant)), given)
  const apres = { champs: { ...avant.champs, nom: 'Z' }, lignes: avant.lignes }
  const left = provenancesRestantes(given, avant, apres)
  assert.equal(provenanceDe(left, 'nom'), undefined)
  assert.equal(provenanceDe(left, 'ville'), 'votre demande')
  assert.deepEqual(provenancesRestantes(given, avant, aucuneReponse), {})
  assert.equal(provenanceDe({}, 'constructor'), undefined)
})
