import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { evaluate } from './evaluation.ts'
import { type Expression, type Portee, type Resultat, schemaExpression } from './expression.ts'
import { checkExpression } from './expression-check.ts'
import { phrase } from './expression-phrase.ts'
import type { Formulaire } from './formulaire.ts'
import { anyExpression } from './testing/random.ts'

const values: Record<string, Resultat> = {
  age: 30,
  nom: 'Éloïse',
  vide: null,
  jours: ['lundi', 'jeudi'],
  naissance: '2008-02-29',
  prix: 250,
  oui: true,
}
const row = (n: Resultat): Portee => ({ ...portee, champ: id => (id === 'n' ? n : (values[id] ?? null)) })
const portee: Portee = {
  aujourdhui: '2026-11-21',
  commune: { nom: 'Vire Normandie', insee: '14762', epci: '200068799', departement: '14', region: '28', population: 17000 },
  parametres: {
    seuil: 18,
    tarifs: [
      { jusqua: 400, montant: 100 },
      { jusqua: null, montant: 300 },
    ],
  },
  champ: id => values[id] ?? null,
  lignes: etape => (etape === 'enfants' ? [row(1), row(2.5), row(null)] : []),
}
const champ = (id: string): Expression => ({ champ: id })
const c = (constante: string | number | boolean): Expression => ({ constante })
const op = (name: Extract<Expression, { termes: unknown }>['op'], ...termes: Expression[]): Expression => ({ op: name, termes })
const is = (expression: Expression, expected: Resultat) => assert.deepEqual(evaluate(expression, portee), expected)

describe('evaluate', () => {
  it('compares without case nor accents, dates as dates, and leaves empty undecided', () => {
    is(op('=', champ('nom'), c('ELOISE')), true)
    is(op('!=', champ('nom'), c('Paul')), true)
    is(op('=', champ('vide'), c('x')), null)
    is(op('!=', champ('vide'), c('x')), null)
    is(op('non', op('=', champ('vide'), c('x'))), null)
    is(op('<', champ('naissance'), { aujourdhui: true }), true)
    is(op('>=', champ('age'), { parametre: 'seuil' }), true)
    is(op('=', champ('age'), c('30')), null)
  })
  it('follows three values in et, ou, non', () => {
    const unknown = op('=', champ('vide'), c(1))
    is(op('et', c(true), unknown), null)
    is(op('et', c(false), unknown), false)
    is(op('ou', c(true), unknown), true)
    is(op('ou', c(false), unknown), null)
    is(op('si', c(false), c(1), c(2)), 2)
    is(op('si', unknown, c(1), c(2)), null)
  })
  it('finds in lists and texts', () => {
    is(op('contient', champ('jours'), c('jeudi')), true)
    is(op('ne_contient_pas', champ('jours'), c('mardi')), true)
    is(op('contient', champ('nom'), c('loi')), true)
    is(op('contient', champ('vide'), c('x')), null)
    is(op('taille', champ('jours')), 2)
    is(op('taille', champ('vide')), 0)
    is(op('est_vide', champ('vide')), true)
    is(op('n_est_pas_vide', champ('jours')), true)
  })
  it('computes without surprises of floating point, and gives empty for what has no sense', () => {
    is(op('+', c(0.1), c(0.2)), 0.3)
    is(op('-', c(1), c(3)), -2)
    is(op('*', champ('prix'), c(3)), 750)
    is(op('/', c(1), c(0)), null)
    is(op('/', c(1), c(4)), 0.25)
    is(op('*', c(Number.MAX_VALUE), c(10)), null)
    is(op('+', c('a'), c(1)), null)
  })
  it('moves dates and counts ages', () => {
    is(op('plus_jours', { date: '2024-02-28' }, c(1)), '2024-02-29')
    is(op('plus_mois', { date: '2026-01-31' }, c(1)), '2026-02-28')
    is(op('moins_annees', { date: '2024-02-29' }, c(1)), '2023-02-28')
    is(op('plus_annees', { aujourdhui: true }, c(1e300)), null)
    is(op('plus_jours', { aujourdhui: true }, c(0.5)), null)
    is(op('age', champ('naissance'), { aujourdhui: true }), 18)
  })
  it('counts and adds over rows, and reads scales', () => {
    is({ op: 'nombre', repetition: 'enfants' }, 3)
    is({ op: 'nombre', repetition: 'enfants', si: op('>', champ('n'), c(2)) }, 1)
    is({ op: 'somme', repetition: 'enfants', terme: champ('n') }, 3.5)
    is({ op: 'somme', repetition: 'autre', terme: champ('n') }, 0)
    is({ op: 'bareme', parametre: 'tarifs', terme: c(400) }, 100)
    is({ op: 'bareme', parametre: 'tarifs', terme: c(400.5) }, 300)
    is({ op: 'bareme', parametre: 'tarifs', terme: champ('vide') }, null)
    is({ op: 'bareme', parametre: 'constructor', terme: c(1) }, null)
    is({ commune: 'population' }, 17000)
  })

  it('reads beginnings, lengths, membership and properties', () => {
    is(op('commence_par', champ('nom'), c('elo')), true)
    is(op('commence_par', champ('vide'), c('a')), null)
    is(op('longueur', champ('nom')), 6)
    is(op('longueur', champ('vide')), null)
    is(op('dans', champ('nom'), c('Paul'), c('eloise')), true)
    is(op('dans', champ('nom'), c('Paul')), false)
    is(op('dans', champ('nom'), c('Paul'), c(3)), null)
    is(op('dans', { commune: 'departement' }, c('50'), c('14')), true)
    const lieu: Portee = { ...portee, champ: (_, propriete) => (propriete === 'departement' ? '14' : null) }
    assert.equal(evaluate(op('=', { champ: 'lieu', propriete: 'departement' }, c('14')), lieu), true)
  })
  it('finds the least and the greatest over rows', () => {
    is({ op: 'minimum', repetition: 'enfants', terme: champ('n') }, 1)
    is({ op: 'maximum', repetition: 'enfants', terme: champ('n') }, 2.5)
    is({ op: 'maximum', repetition: 'autre', terme: champ('n') }, null)
    is({ op: 'minimum', repetition: 'enfants', terme: champ('naissance') }, '2008-02-29')
  })

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(anyExpression, expression => void evaluate(expression, portee)),
      { numRuns: 3000 },
    )
    fc.assert(
      fc.property(fc.jsonValue(), value => void evaluate(value as unknown as Expression, portee)),
      { numRuns: 2000 },
    )
    let deep: Expression = c(true)
    for (let level = 0; level < 100_000; level++) deep = { op: 'non', termes: [deep] }
    assert.equal(evaluate(deep, portee), null)
  })

  it('gives the nature that the check announces', () => {
    const formulaire: Formulaire = {
      etapes: [
        {
          id: 'e',
          titre: 'E',
          champs: [
            { type: 'texte', id: 'nom', libelle: 'Nom' },
            { type: 'entier', id: 'age', libelle: 'Âge' },
          ],
        },
      ],
    }
    const expected = { nombre: 'number', texte: 'string', booleen: 'boolean' } as const
    fc.assert(
      fc.property(anyExpression, expression => {
        for (const nature of ['nombre', 'texte', 'booleen'] as const) {
          if (checkExpression(expression, { formulaire }, nature).length > 0) continue
          const value = evaluate(expression, portee)
          assert.ok(value === null || typeof value === expected[nature])
        }
      }),
      { numRuns: 2000 },
    )
  })
})

const formulaire: Formulaire = {
  parametres: [
    { id: 'seuil', type: 'entier', libelle: 'Âge minimum', min: 0, max: 99, defaut: 18 },
    { id: 'tarifs', type: 'bareme', libelle: 'Tarifs', defaut: [{ jusqua: null, montant: 100 }] },
  ],
  etapes: [
    {
      id: 'vous',
      titre: 'Vous',
      champs: [
        { type: 'oui_non', id: 'majeur', libelle: 'Majeur' },
        { type: 'date', id: 'naissance', libelle: 'Naissance' },
        { type: 'montant', id: 'loyer', libelle: 'Loyer' },
        { type: 'choix', id: 'lien', libelle: 'Lien', options: [{ id: 'parent', libelle: 'Un parent' }] },
        { type: 'explication', id: 'note', libelle: 'Note', texte: 'Texte.' },
        { type: 'commune', id: 'ville', libelle: 'Ville de naissance' },
        { type: 'pays', id: 'pays', libelle: 'Pays' },
      ],
    },
    {
      id: 'enfants',
      titre: 'Enfants',
      repetition: { min: 0, max: 3, nom: { singulier: 'enfant', pluriel: 'enfants' }, titreLigne: '{prenom}' },
      champs: [{ type: 'texte', id: 'prenom', libelle: 'Prénom' }],
    },
  ],
}

describe('phrase', () => {
  const says = (expression: Expression, words: string) => assert.equal(phrase(expression, formulaire).replace(/\s/g, ' '), words)
  it('reads a condition back in French', () => {
    says(op('=', champ('lien'), c('parent')), '« Lien » est « Un parent »')
    says(
      op(
        'et',
        op('=', champ('majeur'), c(true)),
        op('ou', op('<', champ('naissance'), { date: '2000-03-01' }), op('est_vide', champ('loyer'))),
      ),
      '« Majeur » est Oui et (« Naissance » est avant le 1er mars 2000 ou « Loyer » n’est pas rempli)',
    )
    says(op('>', champ('loyer'), { montant: 35050 }), '« Loyer » est supérieur à 350,50 €')
    says(
      op('<=', champ('naissance'), op('moins_annees', { aujourdhui: true }, { parametre: 'seuil' })),
      '« Naissance » est au plus tard « Âge minimum » ans avant aujourd’hui',
    )
    says({ op: 'nombre', repetition: 'enfants' }, 'le nombre d’enfants')
    const departement: Expression = { champ: 'ville', propriete: 'departement' }
    says(op('=', departement, c('14')), 'le département de « Ville de naissance » est « Calvados »')
    says(
      op('dans', departement, c('14'), c('50'), c('61')),
      'le département de « Ville de naissance » est « Calvados », « Manche » ou « Orne »',
    )
    says(op('non', op('dans', champ('pays'), c('FR'), c('BE'))), '« Pays » n’est ni « France », ni « Belgique »')
    says(op('=', { commune: 'region' }, c('28')), 'la région de la commune est « Normandie »')
    says(op('non', op('=', champ('lien'), c('parent'))), '« Lien » n’est pas « Un parent »')
    says(op('non', champ('majeur')), '« Majeur » est Non')
    says(op('commence_par', champ('lien'), c('a')), '« Lien » commence par « a »')
    says(op('>', op('longueur', champ('lien')), c(3)), 'le nombre de caractères de « Lien » est supérieur à 3')
    says({ op: 'maximum', repetition: 'enfants', terme: champ('loyer') }, 'le plus grand, pour les enfants, de « Loyer »')
  })
  it('never fails', () =>
    fc.assert(
      fc.property(anyExpression, expression => phrase(expression, formulaire).length > 0),
      { numRuns: 2000 },
    ))
})

describe('checkExpression', () => {
  const wrong = (expression: Expression, pattern: RegExp, repetition?: string) =>
    assert.match(checkExpression(expression, { formulaire, repetition }, 'booleen').join(' ; ').replaceAll('\u00a0', ' '), pattern)
  it('accepts what is sound', () => {
    assert.deepEqual(
      checkExpression(op('>=', op('age', champ('naissance'), { aujourdhui: true }), { parametre: 'seuil' }), { formulaire }, 'booleen'),
      [],
    )
    assert.deepEqual(checkExpression(op('=', champ('prenom'), c('Léa')), { formulaire, repetition: 'enfants' }, 'booleen'), [])
    assert.deepEqual(checkExpression({ op: 'bareme', parametre: 'tarifs', terme: c(3) }, { formulaire }, 'montant'), [])
  })
  it('names what is wrong', () => {
    wrong(op('=', champ('inconnu'), c(1)), /champ inconnu « inconnu »/)
    wrong(op('=', champ('prenom'), c('Léa')), /se répète/)
    wrong(op('=', champ('naissance'), c('hier')), /une date et un texte/)
    wrong(op('>', champ('loyer'), c(100)), /un montant et un nombre/)
    wrong(op('=', champ('lien'), c('cousin')), /n’est pas un choix/)
    wrong(op('=', c('cousin'), champ('lien')), /n’est pas un choix/)
    wrong(op('=', champ('note'), c('x')), /n’a pas de valeur/)
    wrong(op('=', { champ: 'ville', propriete: 'maire' }, c('x')), /pas de propriété « maire »/)
    wrong(op('=', { champ: 'ville', propriete: 'departement' }, c('Calvados')), /n’est pas un choix de « ville »/)
    wrong(op('dans', champ('pays'), c('FR'), c('France')), /« France » n’est pas un choix de « pays »/)
    wrong(op('=', { commune: 'departement' }, c('140')), /n’est pas un code connu/)
    wrong(op('dans', champ('loyer'), c(3)), /un montant et un nombre/)
    wrong(op('commence_par', champ('loyer'), c('3')), /attend un texte/)
    wrong({ op: 'minimum', repetition: 'enfants', terme: champ('prenom') }, /« minimum » attend un nombre/)
    wrong(op('+', c(1), c(2)), /un nombre au lieu de oui ou non/)
    wrong(op('*', champ('loyer'), champ('loyer')), /ne se multiplie pas/)
    wrong(op('et', c(1)), /attend oui ou non/)
    wrong(op('non', c(true), c(true)), /prend 1 terme/)
    wrong(op('=', { parametre: 'tarifs' }, c(1)), /se lit avec/)
    wrong(op('=', { parametre: 'inconnu' }, c(1)), /paramètre inconnu/)
    wrong(op('>', { op: 'nombre', repetition: 'vous' }, c(1)), /n’est pas une étape répétée/)
    let deep: Expression = c(true)
    for (let level = 0; level < 50_000; level++) deep = { op: 'non', termes: [deep] }
    wrong(deep, /trop profonde/)
  })
  it('refuses an unknown operator or key in the JSON', () => {
    for (const json of [
      { op: 'eval', termes: [] },
      { champ: 'a', surprise: 1 },
      { champ: '__proto__' },
      { date: '2026-02-30' },
      3,
      null,
      [],
    ])
      assert.equal(schemaExpression.safeParse(json).success, false, JSON.stringify(json))
  })
})
