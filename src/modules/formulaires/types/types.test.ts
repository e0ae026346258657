import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { exemplesDeTypes } from '../exemples.ts'
import type { Portee } from '../expression.ts'
import type { Reponse } from '../recherche.ts'
import { departements, regions } from '../registres/decoupage.ts'
import { pays } from '../registres/pays.ts'
import type { Saisie } from '../saisie.ts'
import { type Champ, schemaChamp, typeDe, type types, type Valeur } from './index.ts'

const portee: Portee = {
  aujourdhui: '2026-11-21',
  commune: { nom: 'Vire Normandie', insee: '14762', epci: '200068799', departement: '14', region: '28', population: 17000 },
  parametres: {},
  champ: () => null,
  lignes: () => [],
}
const today = { aujourdhui: true } as const
const base = { id: 'x', libelle: 'Champ', enPhrase: 'le champ' }
const options = ['a', 'b', 'c'].map(id => ({ id, libelle: id.toUpperCase() }))

/** One field of each type: those of the examples, but for what the tests below count on. */
const champs = Object.fromEntries(
  exemplesDeTypes.map(({ type, champ }) => [type, { ...champ, ...base, type } as Champ]),
) as unknown as Record<keyof typeof types, Champ>
champs.texte = { ...base, type: 'texte' }
champs.texte_long = { ...base, type: 'texte_long' }
champs.choix = { ...base, type: 'choix', options }
champs.choix_multiple = { ...base, type: 'choix_multiple', options, minimum: 1, maximum: 2 }
champs.date = { ...base, type: 'date' }
champs.decimal = { ...base, type: 'decimal', decimales: 3 }
champs.adresse = { ...base, type: 'adresse' }

const read = (champ: Champ, saisie: Saisie) => typeDe(champ).lire(champ, saisie, portee)
const value = (champ: Champ, saisie: Saisie): Valeur | null => {
  const lecture = read(champ, saisie)
  return lecture.ok ? lecture.valeur : assert.fail(`refused: ${lecture.message}`)
}
const message = (champ: Champ, saisie: Saisie): string => {
  const lecture = read(champ, saisie)
  return lecture.ok ? assert.fail(`read as ${JSON.stringify(lecture.valeur)}`) : lecture.message
}

describe('every type', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ maxLength: 40 }),
    fc.constantFrom(
      '',
      ' ',
      '\u0000',
      '\ud800',
      '\udfff\u0301',
      '\u202e1985',
      '0',
      '-1',
      '1e999',
      'NaN',
      '٣',
      '29',
      '2',
      '2023',
      '31/11/2026',
      '__proto__',
      '\u0001\u0002',
    ),
  )
  const posted: fc.Arbitrary<Saisie> = fc.dictionary(
    fc.constantFrom(
      'x',
      'x-choix',
      'x-mots',
      'x-nom',
      'x-heure',
      'x-jour',
      'x-mois',
      'x-annee',
      'x-voie',
      'x-complement',
      'x-codePostal',
      'x-commune',
      'constructor',
      'toString',
    ),
    fc.oneof(
      nasty,
      fc.array(nasty, { maxLength: 4 }),
      fc.constantFrom('oui', 'a', 'b', '12', '14500', 'a@b.fr', '0612345678', 'voirie', 'trou', 'portugal', '9h', 'aucune', 'W142001234'),
    ),
  )

  for (const [nom, champ] of Object.entries(champs)) {
    it(`${nom}: never throws, and what it reads it shows, types again and reads again the same`, () =>
      fc.assert(
        fc.property(posted, saisie => {
          const type = typeDe(champ)
          const lecture = type.lire(champ, saisie, portee)
          if (!lecture.ok) return assert.match(lecture.message, /[.]$/)
          if (lecture.valeur === null) return
          assert.ok(type.est(lecture.valeur))
          assert.ok(type.formater(champ, lecture.valeur).length > 0)
          assert.deepEqual(type.lire(champ, type.saisir(champ, lecture.valeur), portee), lecture)
        }),
        { numRuns: 400 },
      ))

    it(`${nom}: one megabyte is answered at once`, () => {
      const huge = 'é'.repeat(1_000_000)
      const start = performance.now()
      read(champ, Object.fromEntries(['x', 'x-jour', 'x-voie', 'x-codePostal', 'x-commune'].map(name => [name, huge])))
      // What grows with the square of the text takes minutes; a busy machine does not make a second of what takes a millisecond.
      assert.ok(performance.now() - start < 3000)
    })

    it(`${nom}: its definition passes its own schema, and no unknown setting does`, () => {
      assert.equal(schemaChamp.safeParse(champ).success, true)
      assert.equal(schemaChamp.safeParse({ ...champ, inconnu: 1 }).success, false)
      assert.equal(schemaChamp.safeParse({ ...champ, type: 'inconnu' }).success, false)
    })

    it(`${nom}: refuses stored values of another shape`, () => {
      for (const wrong of [undefined, null, {}, [1], Number.NaN, { voie: 1 }]) assert.equal(typeDe(champ).est(wrong), false)
    })
  }
})

describe('the examples of every type', () => {
  const spaces = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')
  for (const { type, champ, bons, mauvais, trouvailles } of exemplesDeTypes)
    it(`${type}: reads and refuses what its examples say`, () => {
      assert.equal(schemaChamp.safeParse(champ).success, true)
      const seen: Portee = trouvailles ? { ...portee, trouvailles: new Map([['x', trouvailles]]) } : portee
      for (const { saisie, valeur, affiche } of bons) {
        assert.deepEqual(typeDe(champ).lire(champ, saisie, seen), { ok: true, valeur }, JSON.stringify(saisie))
        assert.equal(spaces(typeDe(champ).formater(champ, valeur)), affiche)
        assert.deepEqual(typeDe(champ).lire(champ, typeDe(champ).saisir(champ, valeur), seen), { ok: true, valeur })
      }
      for (const { saisie, message: sentence, propositions } of mauvais) {
        const lecture = typeDe(champ).lire(champ, saisie, seen)
        assert.ok(!lecture.ok, JSON.stringify(saisie))
        assert.equal(spaces(lecture.message), sentence)
        if (propositions !== undefined) assert.equal(lecture.propositions?.length, propositions)
      }
    })
})

describe('the official lists', () => {
  const file = (name: string) =>
    JSON.parse(
      readFileSync(new URL(`../../../../node_modules/@etalab/decoupage-administratif/data/${name}.json`, import.meta.url), 'utf8'),
    ) as {
      code: string
      nom: string
      region: string
    }[]
  const curly = (text: string) => text.replaceAll("'", '’')
  it('are those of the register', () => {
    assert.deepEqual(
      regions,
      file('regions').map(({ code, nom }) => [code, curly(nom)]),
    )
    assert.deepEqual(
      departements,
      file('departements').map(({ code, nom, region }) => [code, curly(nom), region]),
    )
  })
  it('hold every country once, and find each by its name', () => {
    assert.equal(pays.length, 238)
    assert.equal(new Set(pays.map(([code]) => code)).size, 238)
    for (const [code, nom] of pays) {
      assert.match(code, /^[A-Z]{2}$/)
      assert.equal(value(champs.pays, { x: nom.toUpperCase() }), code)
    }
    for (const [code, nom] of departements) {
      assert.equal(value(champs.departement, { x: code }), code)
      assert.equal(value(champs.departement, { x: nom }), code)
    }
  })
})

describe('check digits', () => {
  it('find every single figure mistyped', () => {
    for (const [type, good] of [
      ['iban', 'FR1420041010050500013M02606'],
      ['siret', '12345678200010'],
      ['nir', '285031476201281'],
    ] as const)
      for (let at = 4; at < good.length; at++) {
        if (!/\d/.test(good[at]!)) continue
        const wrong = good.slice(0, at) + ((Number(good[at]) + 1) % 10) + good.slice(at + 1)
        assert.match(message(champs[type], { x: wrong }), /erreur de recopie|chiffres|caractères/, wrong)
      }
  })
  it('accept the accounts that countries publish as examples', () => {
    for (const text of [
      'DE89 3704 0044 0532 0130 00',
      'GB29 NWBK 6016 1331 9268 19',
      'ES91 2100 0418 4502 0005 1332',
      'NO93 8601 1117 947',
      'CH93 0076 2011 6238 5295 7',
      'MT84 MALT 0110 0001 2345 MTLC AST0 01S',
      'MC58 1122 2000 0101 2345 6789 030',
    ])
      assert.equal(value(champs.iban, { x: text }), text.replace(/ /g, ''))
  })
})

describe('what is looked up', () => {
  const commune: Champ = { ...base, type: 'commune' }
  const found = (trouvailles: Reponse, saisie: Saisie) =>
    typeDe(commune).lire(commune, saisie, { ...portee, trouvailles: new Map([['x', trouvailles]]) })
  const towns = ['Saint-Martin', 'Saint-Martin-des-Besaces'].map((nom, rank) => ({
    cle: `1462${rank}`,
    libelle: `${nom} (14350)`,
    valeurs: { nom, codePostal: '14350', departement: '14', region: '28' },
  }))
  it('is accepted as typed, unverified, when the register is away or was not asked', () => {
    const expected = { ok: true, valeur: { code: '', nom: 'Vire', departement: '', region: '', verifiee: false } }
    assert.deepEqual(found('indisponible', { x: 'Vire' }), expected)
    assert.deepEqual(read(commune, { x: 'Vire' }), expected)
  })
  it('does not keep a choice made for other words', () => {
    const chosen = (saisie: Saisie) => {
      const lecture = found(towns, saisie)
      return lecture.ok ? (lecture.valeur as { code: string }).code : lecture.partie
    }
    assert.equal(chosen({ x: '14350', 'x-choix': '14621', 'x-mots': '14350' }), '14621')
    assert.equal(chosen({ x: '14350', 'x-choix': '14621', 'x-mots': 'saint' }), 'choix')
    assert.equal(chosen({ x: 'st martin' }), '14620')
    assert.equal(chosen({ x: '14350', 'x-choix': '99999' }), 'choix')
    assert.equal(chosen({ x: '14350', 'x-choix': 'aucune' }), 'choix')
  })
  it('proposes ten at most', () => {
    const many = Array.from({ length: 40 }, (_, rank) => ({ ...towns[0]!, cle: `c${rank}` }))
    const lecture = found(many, { x: '14350' })
    assert.equal(!lecture.ok && lecture.propositions?.length, 10)
  })
})

describe('texts', () => {
  it('are trimmed, normalised, without controls, on one line', () => {
    assert.equal(value(champs.texte, { x: '  Jose\u0301\u0000 \u202eDupond\r\nfils\ud800 ' }), 'José Dupond fils')
    assert.equal(value(champs.texte_long, { x: 'un\r\n\r\ndeux  trois\n' }), 'un\n\ndeux trois')
    assert.equal(value(champs.texte, { x: '\u0000\u200b ' }), null)
  })
  it('have a maximum, counted in characters', () => {
    assert.equal(value(champs.texte, { x: '👍'.repeat(200) }), '👍'.repeat(200))
    assert.match(message(champs.texte, { x: 'a'.repeat(201) }), /^Le champ\u00a0: 200 caractères au maximum\. Vous en avez écrit 201\.$/)
  })
  it('take the last of a doubled parameter', () => assert.equal(value(champs.texte, { x: ['un', 'deux'] }), 'deux'))
})

describe('dates', () => {
  const typed = (jour: string, mois = '', annee = ''): Saisie => ({ 'x-jour': jour, 'x-mois': mois, 'x-annee': annee })
  const past: Champ = { ...base, type: 'date', max: today }
  const future: Champ = { ...base, type: 'date', min: today }
  it('are read in every French habit', () => {
    for (const saisie of [
      typed('27', '3', '1985'),
      typed('27', '03', '85'),
      typed('27', 'mars', '1985'),
      typed('27', 'MARS', '85'),
      typed('27/03/1985'),
      typed('27.3.85'),
      typed('27-03-1985'),
      typed('27031985'),
      typed('1985-03-27'),
      typed('mercredi 27 mars 1985'),
      typed('le 27', 'mar', '1985'),
      typed('270385'),
      typed('1985/3/27'),
      typed('1985 03 27'),
      typed('mer. 27 mars 1985'),
      typed('Né le 27-mars-1985'),
      typed('27–03–1985'),
      typed('27_03_85'),
    ])
      assert.equal(value(past, saisie), '1985-03-27', JSON.stringify(saisie))
    assert.equal(value(champs.date, typed('1er', 'aout', '2026')), '2026-08-01')
    assert.equal(value(champs.date, typed('15 févr. 2026')), '2026-02-15')
    for (const text of ['1 er mars 2026', 'dimanche 1er mars 2026', 'le premier mars 2026'])
      assert.equal(value(champs.date, typed(text)), '2026-03-01', text)
  })
  it('take the century that makes sense', () => {
    assert.equal(value(past, typed('1', '1', '20')), '2020-01-01')
    assert.equal(value(past, typed('1', '1', '27')), '1927-01-01')
    assert.equal(value(future, typed('1', '1', '27')), '2027-01-01')
    assert.equal(value(champs.date, typed('29', '2', '24')), '2024-02-29')
  })
  it('are refused by name when they do not exist', () => {
    assert.match(message(champs.date, typed('31', '11', '2026')), /le 31 novembre n’existe pas/)
    assert.match(message(champs.date, typed('29', '2', '2023')), /le 29 février 2023 n’existe pas/)
    assert.match(message(champs.date, typed('29', '2', '1900')), /n’existe pas/)
    assert.match(message(champs.date, typed('1', '13', '2026')), /le mois va de 1 à 12/)
    assert.match(message(champs.date, typed('1', 'jui', '2026')), /par exemple 27 3 1985/)
    for (const year of ['0000', '99999', '20266', '1', '0201']) assert.match(message(champs.date, typed('1', '1', year)), /année/)
  })
  it('say their bounds', () => {
    assert.match(typeDe(past).controler?.(past, '2026-11-22', portee) ?? '', /21 novembre 2026 ou avant/)
    assert.match(typeDe(future).controler?.(future, '2026-11-20', portee) ?? '', /21 novembre 2026 ou après/)
    assert.equal(typeDe(past).controler?.(past, '2026-11-21', portee), null)
  })
})

describe('numbers', () => {
  it('take spaces, commas, points, signs and units', () => {
    for (const [text, expected] of [
      ['1 234', 1234],
      ['1\u202f234', 1234],
      ['+7', 7],
      ['−3', -3],
      ['12 jours', 12],
      ['007', 7],
      ['-0', 0],
    ] as const)
      assert.equal(value(champs.entier, { x: text }), expected)
    for (const [text, expected] of [
      ['1,5', 1.5],
      ['1.5', 1.5],
      ['1.234,5', 1234.5],
      ['1 234,567', 1234.567],
      [',5', 0.5],
    ] as const)
      assert.equal(value(champs.decimal, { x: text }), expected)
    for (const [text, expected] of [
      ['12,50 €', 1250],
      ['1 234,5', 123_450],
      ['0,1', 10],
      ['19,99 euros', 1999],
      ['999999999,99', 99_999_999_999],
    ] as const)
      assert.equal(value(champs.montant, { x: text }), expected)
  })
  it('refuse what is not one', () => {
    for (const text of ['1,5', 'douze', '1e3', '0x10', '--1', '1 2 €', '9'.repeat(20), '٣']) message(champs.entier, { x: text })
    for (const text of ['12,345', '1,2,3', 'NaN', 'Infinity']) message(champs.montant, { x: text })
  })
  it('never lose a cent', () =>
    fc.assert(
      fc.property(fc.integer({ min: -99_999_999_999, max: 99_999_999_999 }), cents => {
        const saisie = typeDe(champs.montant).saisir(champs.montant, cents)
        assert.equal(value(champs.montant, saisie), cents)
        assert.equal(value(champs.montant, { x: typeDe(champs.montant).formater(champs.montant, cents) }), cents)
      }),
    ))
})

describe('contacts', () => {
  it('normalise telephones of the metropole and overseas', () => {
    for (const [text, kept, shown] of [
      ['06 39 98 12 34', '+33639981234', '06 39 98 12 34'],
      ['02.61.91.12.34', '+33261911234', '02 61 91 12 34'],
      ['+33 (0)2 61 91 12 34', '+33261911234', '02 61 91 12 34'],
      ['0033261911234', '+33261911234', '02 61 91 12 34'],
      ['0690123456', '+590690123456', '0690 12 34 56'],
      ['0262 12 34 56', '+262262123456', '0262 12 34 56'],
      ['0639 12 34 56', '+262639123456', '0639 12 34 56'],
      ['+596 696 12 34 56', '+596696123456', '0696 12 34 56'],
      ['+33 692 12 34 56', '+262692123456', '0692 12 34 56'],
      ['+687 12 34 56', '+687123456', '+687 12 34 56'],
      ['+44 20 7946 0000', '+442079460000', '+44 20 79 46 00 00'],
    ] as const) {
      assert.equal(value(champs.telephone, { x: text }), kept)
      assert.equal(typeDe(champs.telephone).formater(champs.telephone, kept), shown)
    }
    for (const text of ['15', '06 39 98 12', '06 39 98 12 34 5', 'zéro six', '+0612345678', '+33 0', '++33612345678'])
      message(champs.telephone, { x: text })
  })
  it('check e-mail addresses', () => {
    assert.equal(value(champs.courriel, { x: ' Camille.Exemple+mairie@Courriel.EXAMPLE ' }), 'Camille.Exemple+mairie@courriel.example')
    assert.equal(value(champs.courriel, { x: 'mailto:a@café.fr' }), 'a@café.fr')
    for (const text of [
      'a',
      'a@b',
      '@b.fr',
      'a@b..fr',
      'a b@c.fr',
      'a@-b.fr',
      'a@b.fr, c@d.fr',
      '<a@b.fr>',
      `${'a'.repeat(65)}@b.fr`,
      'a@b.fr\nbcc:c@d.fr',
    ])
      assert.match(message(champs.courriel, { x: text }), /nom@exemple\.fr/)
  })
  it('check postcodes and name the wrong line of an address', () => {
    assert.equal(value(champs.code_postal, { x: '14 500' }), '14500')
    for (const text of ['1450', '00123', '99000', '145000', '2A000']) message(champs.code_postal, { x: text })
    const lecture = read(champs.adresse, { 'x-voie': '1 rue', 'x-codePostal': '145', 'x-commune': 'Vire' })
    assert.equal(!lecture.ok && lecture.partie, 'codePostal')
  })
})

describe('places', () => {
  const of = (codePostal: string, nom: string) =>
    typeDe(champs.adresse).propriete?.(champs.adresse, { voie: '1 rue', complement: '', codePostal, commune: 'Ici' }, nom)
  it('give the département and the région of a postcode, unless the register said', () => {
    for (const [codePostal, departement, region] of [
      ['14500', '14', '28'],
      ['20090', '2A', '94'],
      ['20200', '2B', '94'],
      ['97400', '974', '04'],
      ['98800', '988', '988'],
    ] as const) {
      assert.equal(of(codePostal, 'departement'), departement)
      assert.equal(of(codePostal, 'region'), region)
    }
    const known = { voie: '1 rue', complement: '', codePostal: '14500', commune: 'Ici', departement: '50', region: '28' }
    assert.equal(typeDe(champs.adresse).propriete?.(champs.adresse, known, 'departement'), '50')
    assert.equal(of('14500', 'code'), null)
  })
})

describe('hours', () => {
  const hour = (text: string) => {
    const lecture = read(champs.date_heure, { 'x-jour': '27', 'x-mois': '3', 'x-annee': '2026', 'x-heure': text })
    return lecture.ok ? String(lecture.valeur).slice(11) : null
  }
  it('are read as people write them, and refused when they are not sure', () => {
    for (const [text, expected] of [
      ['9', '09:00'],
      ['9h', '09:00'],
      ['9 H 30', '09:30'],
      ['à 9h05', '09:05'],
      ['09:30', '09:30'],
      ['14.15', '14:15'],
      ['1415', '14:15'],
      ['14 heures 15 minutes', '14:15'],
      ['minuit', '00:00'],
      ['23h59', '23:59'],
    ] as const)
      assert.equal(hour(text), expected, text)
    for (const text of ['24h', '9h60', '9h5', 'matin', '9:30:00', '-1', '145']) assert.equal(hour(text), null, text)
  })
})

describe('choices', () => {
  it('only take what is proposed, in order, without doubles', () => {
    assert.deepEqual(value(champs.choix_multiple, { x: ['c', 'a', 'a'] }), ['a', 'c'])
    assert.match(message(champs.choix_multiple, { x: ['a', 'b', 'c'] }), /2 réponses au plus/)
    message(champs.choix_multiple, { x: ['a', '__proto__'] })
    message(champs.choix, { x: 'constructor' })
  })
  it('do not take silence for a no', () => {
    assert.equal(value(champs.oui_non, {}), null)
    assert.equal(value(champs.oui_non, { x: 'Non' }), false)
    assert.equal(value(champs.case, { x: 'non' }), null)
  })
})
