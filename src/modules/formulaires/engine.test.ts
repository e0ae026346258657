import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { acceptEtape } from './accept-etape.ts'
import { champsAffiches, saisieDe } from './affichage.ts'
import { addRow, aucuneReponse, type Reponses, removeRow, setPieces } from './answers.ts'
import { checkFormulaire } from './check-formulaire.ts'
import type { Env } from './expression.ts'
import { type Etape, estObligatoire, type Formulaire } from './formulaire.ts'
import { ouvrirVue, parcours, purgeHidden } from './parcours.ts'
import { problems } from './problems.ts'
import { recapitulatif } from './recapitulatif.ts'
import { anyFormulaire, reponsesAuHasard, saisieHostile, trouvaillesAuHasard } from './testing/random.ts'
import { typeDe } from './types/index.ts'

const env: Env = {
  aujourdhui: '2026-11-21',
  commune: { nom: 'Vire Normandie', insee: '14762', epci: '200068799', departement: '14', region: '28', population: 17000 },
  parametres: {},
}

// The figure of the issue; three answers a run on average, cheap ones.
const runs = 10_000

/** Every stored value, with whether its field shows. */
function stored(formulaire: Formulaire, reponses: Reponses) {
  const vue = ouvrirVue(formulaire, reponses, env)
  const champs = new Map(formulaire.etapes.flatMap(etape => etape.champs.map(champ => [champ.id, champ] as const)))
  const visible = (id: string, rowId?: string) => {
    const champ = champs.get(id)
    return champ !== undefined && champ.type !== 'calcul' && vue.champVisible(champ, rowId)
  }
  return [
    ...Object.keys(reponses.champs).map(id => ({ id, visible: visible(id) })),
    ...Object.values(reponses.lignes).flatMap(rows =>
      rows.flatMap(row => Object.keys(row.champs).map(id => ({ id, visible: visible(id, row.id) }))),
    ),
  ]
}

/** Ids of what a random form, sound otherwise, can never show. */
function neverShown(formulaire: Formulaire): ReadonlySet<string> {
  return new Set(
    checkFormulaire(formulaire).map(({ lieu, message }) => {
      assert.match(message, /^condition jamais remplie/)
      return [...lieu.matchAll(/«\u00a0(\w+)\u00a0»/g)].at(-1)?.[1] ?? assert.fail(lieu)
    }),
  )
}

interface Coup {
  readonly etape: number
  readonly seed: number
  readonly row: number
  readonly kind: number
}

/** Plays one move of a hostile person: post, add or remove a row, join a file. */
function play(formulaire: Formulaire, reponses: Reponses, coup: Coup): Reponses {
  const etape = formulaire.etapes[coup.etape % formulaire.etapes.length] ?? assert.fail()
  const rowId = coup.row === 3 ? undefined : `r${coup.row}`
  if (coup.kind === 0) return purgeHidden(formulaire, addRow(formulaire, reponses, etape.id, rowId ?? '\u0000') ?? reponses, env)
  if (coup.kind === 1) return purgeHidden(formulaire, removeRow(reponses, etape.id, rowId ?? ''), env)
  const joined = etape.champs
    .filter(({ type }) => type === 'piece')
    .reduce(
      (all, { id }) => setPieces(formulaire, all, id, [{ id: 'f', nom: 'f.pdf', tailleOctets: 1 }].slice(coup.seed % 2), rowId),
      reponses,
    )
  const saisie = saisieHostile(etape, coup.seed)
  const trouvailles = trouvaillesAuHasard(etape, coup.seed)
  const result = acceptEtape(formulaire, etape.id, saisie, joined, { ...env, trouvailles }, rowId)
  if (!result.ok) {
    assert.ok(result.erreurs.length > 0 && result.erreurs.every(({ message }) => message.endsWith('.')))
    assert.equal(result.saisie, saisie)
    return purgeHidden(formulaire, joined, env)
  }
  return result.reponses
}

const coup = fc.record({ etape: fc.nat(3), seed: fc.nat(1e6), row: fc.nat(3), kind: fc.nat(9) })

describe('the engine, on random forms and hostile answers', () => {
  it('keeps no value for what is hidden, misses nothing that is required', () => {
    let filed = 0
    let hiddenSeen = 0
    let impossible = 0
    fc.assert(
      fc.property(anyFormulaire, fc.array(coup, { minLength: 1, maxLength: 5 }), (formulaire, coups) => {
        const first = coups[0]!
        const isTampered = first.kind === 9
        // An option that does not exist, which nobody can type, may show what no answer shows.
        const never = isTampered ? new Set<string>() : neverShown(formulaire)
        let reponses = isTampered ? purgeHidden(formulaire, reponsesAuHasard(formulaire, first.seed), env) : aucuneReponse
        for (const move of coups) {
          reponses = play(formulaire, reponses, move)
          assert.deepEqual(
            stored(formulaire, reponses).filter(({ visible }) => !visible),
            [],
          )
          assert.deepEqual(purgeHidden(formulaire, reponses, env), reponses)
          assert.deepEqual(JSON.parse(JSON.stringify(reponses)), reponses)
        }
        const seen = parcours(formulaire, reponses, env)
        // What the check says nobody will see, nobody does.
        for (const { etape, champs, lignes } of seen)
          for (const { champ } of [...champs, ...lignes.flatMap(row => row.champs)])
            assert.ok(!never.has(champ.id) && !never.has(etape.id), `${champ.id} shows`)
        impossible += never.size
        if (seen.length < formulaire.etapes.length) hiddenSeen++
        if (problems(formulaire, reponses, env).length === 0) {
          filed++
          assertComplete(seen)
        }
        for (const { lignes } of recapitulatif(formulaire, reponses, env))
          for (const { valeur } of lignes) assert.equal(typeof valeur, 'string')
      }),
      { numRuns: runs },
    )
    // The property would say nothing if no random form could ever be filed, or if nothing was ever hidden.
    assert.ok(filed > runs / 50, `only ${filed} filings`)
    assert.ok(hiddenSeen > runs / 50, `only ${hiddenSeen} with a hidden étape`)
    assert.ok(impossible > 0, 'no condition that never holds')
  })

  function assertComplete(seen: ReturnType<typeof parcours>): void {
    for (const { etape, champs, lignes } of seen) {
      if (etape.repetition) assert.ok(lignes.length >= etape.repetition.min && lignes.length <= etape.repetition.max)
      for (const { champ, valeur } of [...champs, ...lignes.flatMap(row => row.champs)]) {
        if (!estObligatoire(champ)) continue
        assert.ok(typeDe(champ).est(valeur), `${champ.id} is required and empty`)
      }
    }
  }

  it('accepts again what it accepted, typed again as it would be shown', () =>
    fc.assert(
      fc.property(anyFormulaire, fc.array(coup, { minLength: 1, maxLength: 8 }), (formulaire, coups) => {
        const reponses = coups.reduce((all, move) => play(formulaire, all, move), aucuneReponse)
        if (problems(formulaire, reponses, env).length > 0) return
        for (const { etape, lignes } of parcours(formulaire, reponses, env))
          for (const rowId of etape.repetition ? lignes.map(({ id }) => id) : [undefined]) {
            const again = acceptEtape(formulaire, etape.id, saisieDe(formulaire, etape.id, reponses, rowId), reponses, env, rowId)
            assert.deepEqual(again, { ok: true, reponses })
          }
      }),
      { numRuns: 500 },
    ))

  it('shows on the page of an étape every field that can be asked there', () =>
    fc.assert(
      fc.property(anyFormulaire, coup, (formulaire, move) => {
        const reponses = play(formulaire, aucuneReponse, move)
        for (const { etape, champs } of parcours(formulaire, reponses, env)) {
          if (etape.repetition) continue
          const shown = champsAffiches(formulaire, etape, reponses, env).map(({ champ }) => champ.id)
          // A heading with nothing under it is left out.
          for (const { champ } of champs) assert.ok(champ.type === 'section' || shown.includes(champ.id), champ.id)
        }
      }),
      { numRuns: 500 },
    ))

  it('checkFormulaire answers to anything', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 6 }), value => assert.ok(checkFormulaire(value).length > 0)))
    let deep: unknown = []
    for (let level = 0; level < 100_000; level++) deep = [deep]
    assert.ok(checkFormulaire({ etapes: deep }).length > 0)
  })
})

const champ = (id: string, more: object = {}) => ({ type: 'texte', id, libelle: id, ...more })
const etape = (id: string, champs: unknown[], more: object = {}) => ({ id, titre: id, champs, ...more })
const eq = (id: string, constante: unknown) => ({ op: '=', termes: [{ champ: id }, { constante }] })

describe('checkFormulaire', () => {
  const wrong = (definition: unknown, pattern: RegExp) => {
    const said = checkFormulaire(definition).map(({ lieu, message }) => `${lieu} : ${message}`)
    assert.match(said.join('\n').replaceAll('\u00a0', ' '), pattern)
  }

  it('names the place of every fault', () => {
    wrong({ etapes: [etape('a', [champ('x'), champ('x')])] }, /étape « a », champ « x » : identifiant déjà utilisé/)
    wrong({ etapes: [etape('a', [champ('x')]), etape('a', [champ('y')])] }, /étape « a » : identifiant déjà utilisé/)
    wrong({ etapes: [etape('a', [champ('x', { visibleSi: eq('inconnu', 'a') })])] }, /champ « x » : condition : champ inconnu « inconnu »/)
    wrong({ etapes: [etape('a', [])] }, /étape sans champ/)
    wrong({ etapes: [etape('a', [{ type: 'choix', id: 'x', libelle: 'x', options: [] }])] }, /aucun choix proposé/)
    wrong({ etapes: [etape('a', [champ('x', { type: 'inconnu' })])] }, /étape « a », champ « x », type : type de champ inconnu/)
    wrong({ etapes: [etape('a', [champ('x', { libelle: 'Nom <script>' })])] }, /sans balise/)
    wrong({ etapes: [etape('a', [champ('x', { aide: 'a\u0000b' })])] }, /caractère de contrôle/)
    wrong(
      {
        etapes: Array.from({ length: 4 }, (_, n) =>
          etape(
            `e${n}`,
            Array.from({ length: 16 }, (_, m) => champ(`c${n}x${m}`)),
          ),
        ),
      },
      /60 champs au plus, celui-ci en a 64/,
    )
    wrong(
      { etapes: [etape('a', [champ('x')], { repetition: { min: 3, max: 2, nom: { singulier: 'l', pluriel: 'l' }, titreLigne: '{y}' } })] },
      /minimum \(3\).*\n.*champ inconnu « y »/,
    )
    wrong(
      { etapes: [etape('a', [champ('x')])], refusSi: [{ expression: { champ: 'x' }, explication: 'Non.' }] },
      /refus n° 1 : donne un texte au lieu de oui ou non/,
    )
  })

  it('refuses cycles and questions that appear behind', () => {
    const calcul = (id: string, reads: string) => ({
      type: 'calcul',
      id,
      libelle: id,
      nature: 'nombre',
      expression: { op: '+', termes: [{ champ: reads }, { constante: 1 }] },
      explication: 'x',
    })
    wrong({ etapes: [etape('a', [calcul('x', 'y'), calcul('y', 'x')])] }, /dépend de lui-même : x, puis y, puis x/)
    wrong({ etapes: [etape('a', [champ('x')], { visibleSi: eq('x', 'a') })] }, /dépend de lui-même/)
    wrong({ etapes: [etape('a', [champ('x', { visibleSi: eq('y', 'a') }), champ('y')])] }, /« y » n’est demandé qu’ensuite/)
    wrong(
      { etapes: [etape('a', [{ ...calcul('x', 'y'), nature: 'texte' }, champ('y')])] },
      /« \+ » attend un nombre ou un montant et reçoit un texte/,
    )
  })

  it('finds the conditions that can never hold', () => {
    const chien = { type: 'oui_non', id: 'chien', libelle: 'Chien' }
    const nombre = { type: 'entier', id: 'nombre', libelle: 'Nombre', max: { constante: 10 } }
    const jour = { type: 'date', id: 'jour', libelle: 'Jour' }
    const choix = { type: 'choix', id: 'taille', libelle: 'Taille', options: ['p', 'g'].map(id => ({ id, libelle: id })) }
    const lieu = { type: 'commune', id: 'lieu', libelle: 'Lieu' }
    const op = (name: string, ...termes: unknown[]) => ({ op: name, termes })
    const at = (id: string) => ({ champ: id })
    const never = (visibleSi: unknown, more: unknown[] = []) => {
      const form = { etapes: [etape('a', [chien, nombre, jour, choix, lieu, ...more, champ('x', { visibleSi })])] }
      return checkFormulaire(form).map(({ lieu: where, message }) => `${where} : ${message}`.replaceAll('\u00a0', ' '))
    }
    const c = (constante: unknown) => ({ constante })
    const possible = [
      op('et', op('>', at('nombre'), c(3)), op('<=', at('nombre'), c(4))),
      op('et', eq('chien', true), op('ou', eq('chien', false), eq('taille', 'p'))),
      op('non', op('et', eq('chien', true), eq('chien', false))),
      op('et', op('!=', at('taille'), c('p')), eq('chien', true)),
      op('est_vide', at('chien')),
    ]
    for (const condition of possible) assert.deepEqual(never(condition), [], JSON.stringify(condition))
    const impossible: [unknown, string][] = [
      [op('et', eq('chien', true), eq('chien', false)), 'chien'],
      [op('et', { champ: 'chien' }, op('non', { champ: 'chien' })), 'chien'],
      [op('et', op('>', at('nombre'), c(5)), op('<', at('nombre'), c(5))), 'nombre'],
      [op('>', at('nombre'), c(10)), 'nombre'],
      [op('et', op('<', at('jour'), { date: '2026-01-01' }), op('>=', at('jour'), { date: '2026-01-01' })), 'jour'],
      [op('et', op('!=', at('taille'), c('p')), op('!=', at('taille'), c('g'))), 'taille'],
      [op('et', op('est_vide', at('taille')), eq('taille', 'p')), 'taille'],
      [op('non', op('ou', eq('chien', true), op('non', eq('chien', true)))), 'chien'],
      [op('et', eq('taille', 'p'), op('dans', at('taille'), c('g'), c('g'))), 'taille'],
      [
        op(
          'et',
          op('=', { champ: 'lieu', propriete: 'departement' }, c('14')),
          op('=', { champ: 'lieu', propriete: 'departement' }, c('50')),
        ),
        'lieu',
      ],
    ]
    for (const [condition, id] of impossible)
      assert.deepEqual(never(condition), [
        `étape « a », champ « x » : condition jamais remplie : elle demande à « ${id} » des réponses qui s’excluent ou qui n’existent pas`,
      ])
    // « nom » only shows with a dog: what needs both « nom » and no dog never shows.
    const nom = champ('nom', { visibleSi: eq('chien', true) })
    assert.equal(never(op('et', eq('nom', 'Rex'), eq('chien', false)), [nom]).length, 1)
    const section = { type: 'section', id: 's', libelle: 'S', visibleSi: eq('chien', true) }
    assert.equal(never(eq('chien', false), [section]).length, 1)
    // Conditions that multiply are given up, not followed for ever.
    const many = op('et', ...Array.from({ length: 18 }, () => op('ou', eq('chien', true), eq('taille', 'p'), eq('nombre', 3))))
    const start = performance.now()
    assert.deepEqual(never(many), [])
    assert.ok(performance.now() - start < 3000)
  })

  it('lists every reason of a definition that lies, fast', () => {
    const lie = (definition: unknown): string => {
      const start = performance.now()
      const said = checkFormulaire(definition).map(({ lieu, message }) => `${lieu} : ${message}`.replaceAll('\u00a0', ' '))
      assert.ok(performance.now() - start < 2000, `${performance.now() - start} ms`)
      return said.join('\n')
    }
    const mixed = lie({
      etapes: [
        etape('a', [
          champ('x', { type: 'inconnu', visibleSi: eq('y', 'a') }),
          champ('y', { libelle: '<img src=x onerror=alert(1)>', visibleSi: eq('x', 'a') }),
          champ('y', { surprise: 1 }),
          champ('z', { visibleSi: { op: '=', termes: [{ champ: 'x' }, { constante: {} }] } }),
        ]),
      ],
    })
    for (const reason of [
      /champ « x », type : type de champ inconnu/,
      /champ « y », libelle : texte simple attendu, sans balise/,
      /champ « y » : Clé non reconnue : "surprise"/,
      /champ « y » : identifiant déjà utilisé/,
      /champ « z », visibleSi/,
      /dépend de lui-même : x, puis y, puis x/,
    ])
      assert.match(mixed, reason)
    const thousands = Array.from({ length: 10_000 }, (_, n) =>
      champ(`c${n}`, n > 0 ? { visibleSi: eq(`c${n - 1}`, 'a') } : { visibleSi: eq('c9999', 'a') }),
    )
    assert.match(lie({ etapes: [etape('a', thousands)] }), /champs : Trop grand(?:.|\n)*dépend de lui-même/)
    let somme: unknown = { surprise: 1 }
    for (let depth = 0; depth < 50; depth++) somme = { op: 'somme', repetition: 'a', terme: somme }
    assert.match(lie({ etapes: [etape('a', [champ('x', { visibleSi: somme })])] }), /visibleSi/)
    const wide = {
      op: 'et',
      termes: Array.from({ length: 20 }, () => ({
        op: 'et',
        termes: Array.from({ length: 20 }, () => ({ op: 'ou', termes: [eq('x', 1)] })),
      })),
    }
    lie({
      etapes: [
        etape(
          'a',
          Array.from({ length: 60 }, (_, n) => champ(`c${n}`, { visibleSi: wide })),
        ),
      ],
    })
  })

  it('a cyclic form that nobody checked hides rather than loops', () => {
    const cyclic = {
      etapes: [etape('a', [champ('x', { visibleSi: eq('y', 'a') }), champ('y', { visibleSi: eq('x', 'a') })])],
    } as unknown as Formulaire
    assert.deepEqual(purgeHidden(cyclic, { champs: { x: 'a', y: 'a' }, lignes: {} }, env), aucuneReponse)
  })
})

describe('acceptEtape', () => {
  const form = {
    etapes: [
      etape('a', [
        { type: 'oui_non', id: 'chien', libelle: 'Chien' },
        champ('nom', { visibleSi: eq('chien', true) }),
        champ('surnom', { obligatoire: false, visibleSi: { op: 'n_est_pas_vide', termes: [{ champ: 'nom' }] } }),
      ]),
      etape('b', [champ('vaccin', { visibleSi: eq('nom', 'Rex') })], { visibleSi: eq('chien', true) }),
      etape('c', [champ('prenom')], {
        repetition: { min: 1, max: 2, nom: { singulier: 'enfant', pluriel: 'enfants' }, titreLigne: '{prenom}' },
      }),
    ],
  } as unknown as Formulaire
  const accept = (reponses: Reponses, id: string, saisie: Record<string, string>, rowId?: string) => {
    const result = acceptEtape(form, id, saisie, reponses, env, rowId)
    return result.ok ? result.reponses : assert.fail(JSON.stringify(result.erreurs))
  }

  it('the form of these tests is sound', () => assert.deepEqual(checkFormulaire(form), []))

  it('purges in cascade when an answer changes', () => {
    const first = accept(aucuneReponse, 'a', { chien: 'oui', nom: 'Rex', surnom: 'Le Gros' })
    const second = accept(first, 'b', { vaccin: 'Oui' })
    assert.deepEqual(second.champs, { chien: true, nom: 'Rex', surnom: 'Le Gros', vaccin: 'Oui' })
    assert.deepEqual(accept(second, 'a', { chien: 'non', nom: 'Rex', surnom: 'Le Gros' }).champs, { chien: false })
  })

  it('keeps what was typed, and nothing else, on an error', () => {
    const saisie = { chien: 'oui', nom: '' }
    assert.deepEqual(acceptEtape(form, 'a', saisie, aucuneReponse, env), {
      ok: false,
      erreurs: [{ champ: 'nom', message: 'Indiquez «\u00a0nom\u00a0».' }],
      saisie,
    })
  })

  it('refuses a hidden or unknown étape', () => {
    for (const id of ['b', 'z', '__proto__', 'constructor']) assert.equal(acceptEtape(form, id, {}, aucuneReponse, env).ok, false)
  })

  it('makes one row of a post repeated, and stops at the maximum', () => {
    const one = accept(accept(aucuneReponse, 'c', { prenom: 'Léa' }, 'r1'), 'c', { prenom: 'Léa' }, 'r1')
    assert.deepEqual(one.lignes, { c: [{ id: 'r1', champs: { prenom: 'Léa' } }] })
    const two = accept(one, 'c', { prenom: 'Tom' }, 'r2')
    assert.equal(acceptEtape(form, 'c', { prenom: 'Zoé' }, two, env, 'r3').ok, false)
    assert.equal(acceptEtape(form, 'c', {}, aucuneReponse, env).ok, false)
    assert.deepEqual(acceptEtape(form, 'c', {}, two, env), { ok: true, reponses: two })
    assert.deepEqual(
      parcours(form, two, env)
        .at(-1)
        ?.lignes.map(({ titre }) => titre),
      ['Léa', 'Tom'],
    )
    for (const id of ['', '__proto__', 'a'.repeat(65), '../x']) assert.equal(addRow(form, aucuneReponse, 'c', id), null)
  })

  it('shows a question that depends on a value computed from this page', () => {
    const calcul = {
      type: 'calcul',
      id: 'total',
      libelle: 'Total',
      nature: 'nombre',
      expression: { op: '+', termes: [{ champ: 'n' }, { constante: 1 }] },
      explication: 'Plus un.',
    }
    const page = etape('a', [
      { type: 'entier', id: 'n', libelle: 'Nombre' },
      calcul,
      champ('pourquoi', { visibleSi: { op: '>', termes: [{ champ: 'total' }, { constante: 5 }] } }),
    ])
    const computed = { etapes: [page] } as unknown as Formulaire
    const shown = champsAffiches(computed, computed.etapes[0] as Etape, { champs: { n: 1 }, lignes: {} }, env)
    assert.ok(shown.some(({ champ: { id }, seulementSi }) => id === 'pourquoi' && seulementSi !== null))
  })

  it('hides a section with all that stands under it, on the page, in the answers and in a row', () => {
    const champs = [
      { type: 'oui_non', id: 'pro', libelle: 'Professionnel' },
      { type: 'section', id: 's', libelle: 'Votre entreprise', visibleSi: eq('pro', true) },
      champ('raison'),
      { type: 'explication', id: 'note', libelle: 'Note', texte: 'Texte.', visibleSi: eq('raison', 'SNC') },
      { type: 'section', id: 't', libelle: 'Vous' },
      champ('nom'),
    ]
    const flat = { etapes: [etape('a', champs), etape('b', [champ('suite')])] } as unknown as Formulaire
    const rows = {
      etapes: [etape('a', champs, { repetition: { min: 1, max: 2, nom: { singulier: 'l', pluriel: 'l' }, titreLigne: '{nom}' } })],
    } as unknown as Formulaire
    assert.deepEqual([checkFormulaire(flat), checkFormulaire(rows)], [[], []])
    const ids = (reponses: Reponses) => parcours(flat, reponses, env)[0]?.champs.map(seen => seen.champ.id)
    assert.deepEqual(ids({ champs: { pro: false, raison: 'SNC' }, lignes: {} }), ['pro', 't', 'nom'])
    assert.deepEqual(ids({ champs: { pro: true, raison: 'SNC' }, lignes: {} }), ['pro', 's', 'raison', 'note', 't', 'nom'])
    const kept = purgeHidden(rows, { champs: {}, lignes: { a: [{ id: 'r', champs: { pro: false, raison: 'SNC', nom: 'Léa' } }] } }, env)
    assert.deepEqual(kept.lignes, { a: [{ id: 'r', champs: { pro: false, nom: 'Léa' } }] })
    const refused = acceptEtape(flat, 'a', { pro: 'oui', nom: 'Léa' }, aucuneReponse, env)
    assert.deepEqual(refused.ok ? [] : refused.erreurs.map(erreur => erreur.champ), ['raison'])
    assert.ok(acceptEtape(flat, 'a', { pro: 'non', nom: 'Léa' }, aucuneReponse, env).ok)
    const shown = champsAffiches(flat, flat.etapes[0] as Etape, aucuneReponse, env)
    assert.deepEqual(
      shown.map(({ champ: { id }, seulementSi }) => [id, seulementSi?.replace(/\s/g, ' ')]),
      [
        ['pro', undefined],
        ['s', '« Professionnel » est Oui'],
        ['raison', undefined],
        ['note', '« raison » est « SNC »'],
        ['t', undefined],
        ['nom', undefined],
      ],
    )
  })

  it('leaves off the page what stands under a section that earlier answers hide', () => {
    const form = {
      etapes: [
        etape('a', [{ type: 'oui_non', id: 'pro', libelle: 'Professionnel' }]),
        etape('b', [
          { type: 'section', id: 's', libelle: 'Entreprise', visibleSi: eq('pro', true) },
          champ('raison'),
          { type: 'section', id: 't', libelle: 'Vous' },
          champ('nom'),
        ]),
      ],
    } as unknown as Formulaire
    const shown = (pro: boolean) =>
      champsAffiches(form, form.etapes[1] as Etape, { champs: { pro }, lignes: {} }, env).map(({ champ: { id } }) => id)
    assert.deepEqual(shown(true), ['s', 'raison', 't', 'nom'])
    assert.deepEqual(shown(false), ['t', 'nom'])
  })

  it('does not look up again an answer that is posted as it was, nor at filing', () => {
    const towns = { etapes: [etape('a', [{ type: 'commune', id: 'ville', libelle: 'Ville' }])] } as unknown as Formulaire
    const vire = { code: '14762', nom: 'Vire Normandie', codePostal: '14500', departement: '14', region: '28' }
    const reponses = { champs: { ville: vire }, lignes: {} }
    assert.deepEqual(acceptEtape(towns, 'a', { ville: 'Vire Normandie (14500)' }, reponses, env), { ok: true, reponses })
    assert.deepEqual(problems(towns, reponses, env), [])
    const changed = acceptEtape(towns, 'a', { ville: 'Caen' }, reponses, env)
    assert.equal(changed.ok && (changed.reponses.champs.ville as { nom: string }).nom, 'Caen')
    const trouvailles = new Map([['ville', [] as const]])
    const unknown = acceptEtape(towns, 'a', { ville: 'Zz' }, reponses, { ...env, trouvailles })
    assert.match(unknown.ok ? '' : (unknown.erreurs[0]?.message ?? ''), /Aucune commune ne répond/)
    assert.deepEqual(problems(towns, reponses, { ...env, trouvailles }), [])
  })

  it('shows a field of the same page with its condition in words', () => {
    const shown = champsAffiches(form, form.etapes[0] as Etape, aucuneReponse, env)
    assert.deepEqual(
      shown.map(({ champ: { id }, seulementSi }) => [id, seulementSi?.replace(/\s/g, ' ')]),
      [
        ['chien', undefined],
        ['nom', '« Chien » est Oui'],
        ['surnom', '« nom » est rempli'],
      ],
    )
  })
})
