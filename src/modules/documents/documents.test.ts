import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { courrierPdf } from '../../platform/pdf/courrier.ts'
import { envDe } from '../demarches/demarche.ts'
import { exemples, jouerExemple, modeles } from '../demarches/livre.ts'
import { definitions } from '../formulaires/index.ts'
import { composer } from './composer.ts'
import { bornes, type Contenu, schemaContenu, type Usage, usages } from './gabarit.ts'
import { fautesDe, marquesPour, motsDuDossier, plusProche } from './marques.ts'
import { contenuParDefaut } from './par-defaut.ts'
import { courrierDuDocument } from './pdf/lettre.ts'
import { composerSpecimen } from './specimen.ts'
import { cibles, contenuSaisi, faireGeste, saisieDe } from './web/saisie.ts'

const commune = { nom: 'Valnoir', insee: '14999', epci: '', departement: '14', region: '28', population: 900 }
const modele = modeles.find(({ id }) => id === 'occupation-domaine-public')!
const env = envDe(modele, '2026-11-21', commune)
const { reponses } = jouerExemple(modele, exemples[modele.id]![0]!, env)
const toutesLesSortes = Object.keys(usages) as Usage[]
const yes = () => true

const texte = (...blocs: Contenu['blocs']): Contenu => ({ titre: 'Titre', blocs })
const p = (words: string) => ({ type: 'paragraphe', texte: words }) as const
const compose = (contenu: Contenu, mots: Record<string, string>) => composer(contenu, new Map(Object.entries(mots)), yes, 'Secours')

test('every text by default, of every démarche shipped, may be saved as it is, and is composed without a hole', () => {
  let composed = 0
  for (const one of [null, ...modeles])
    for (const usage of toutesLesSortes) {
      const contenu = contenuParDefaut(usage, one)
      const where = `${usage}, ${one?.id ?? 'toutes'}`
      assert.ok(schemaContenu.safeParse(contenu).success, where)
      assert.deepEqual(fautesDe(contenu, usage, one), [], where)
      const made = composerSpecimen(contenu, usage, one)
      assert.equal(made.blocs.length, contenu.blocs.length, where)
      assert.ok(!JSON.stringify([made.titre, made.sujet, made.blocs]).includes('{d'), where)
      composed++
    }
  assert.ok(composed > 500)
})

test('words enter in one pass: what a person answered is never read as a mark', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (first, second) => {
      fc.pre(first !== '' && second !== '')
      const made = compose(texte(p('{a}|{b}')), { a: first, b: second })
      assert.deepEqual(made.blocs, [{ type: 'paragraphe', texte: `${first}|${second}` }])
    }),
  )
  assert.deepEqual(compose(texte(p('{a}')), { a: '{b}', b: 'secret' }).blocs, [{ type: 'paragraphe', texte: '{b}' }])
})

test('a block, or an element, that names something empty is left out; an empty heading has another', () => {
  const made = compose(
    { titre: '{vide}', blocs: [p('Dit {a}.'), p('Tait {vide}.'), { type: 'liste', texte: 'un {a}\ndeux {vide}\n\ntrois' }] },
    { a: 'oui' },
  )
  assert.deepEqual(made.blocs, [
    { type: 'paragraphe', texte: 'Dit oui.' },
    { type: 'liste', elements: ['un oui', 'trois'] },
  ])
  assert.equal(made.titre, 'Secours')
  assert.deepEqual([...made.dites], ['a'])
})

test('a condition is that of the engine of forms: true prints, false and unknown do not', () => {
  const champ = modele.demandeur.nom
  const si = (op: 'est_vide' | 'n_est_pas_vide') => ({ ...p(op), si: { op, termes: [{ champ }] } })
  const holds = (condition: definitions.Expression) => definitions.conditionTenue(modele.formulaire, reponses, env, condition)
  const made = composer(texte(si('est_vide'), si('n_est_pas_vide')), new Map(), holds, 'Secours')
  assert.equal(made.blocs.length, 1)
})

test('an unknown mark is refused with its place and the nearest name', () => {
  const contenu = texte(p('Bonjour {demandeurs}.'), p('Voir {zzzzzzzzzz}.'))
  const [near, far] = fautesDe({ ...contenu, titre: 'Le {refference}' }, 'document.accepter', modele)
    .map(({ champ, message }) => [champ, message])
    .slice(1) as [string[], string[]]
  assert.equal(near[0], 'b0-texte')
  assert.match(near[1]!, /Bloc 1.*\{demandeurs\}.*Vouliez-vous dire \{demandeur\}/)
  assert.match(far[1]!, /Bloc 2.*Choisissez une donnée/)
  assert.match(fautesDe({ ...contenu, titre: 'Le {refference}' }, 'document.accepter', modele)[0]!.message, /Titre.*\{reference\}/)
})

test('whatever is typed as a mark, it is told in a sentence, and never throws', () => {
  const known = marquesPour('document.accepter', modele)
  fc.assert(
    fc.property(fc.string(), typed => {
      plusProche(typed, known)
      const fautes = fautesDe(texte(p(`{${typed.replace(/[{}]/g, '')}}`)), 'document.accepter', null)
      assert.ok(fautes.length <= 1)
    }),
  )
})

test('a text for every démarche knows no question and has no condition', () => {
  const question = marquesPour('document.accepter', modele).at(-1)!
  assert.equal(fautesDe(texte(p(`{${question.id}}`)), 'document.accepter', modele).length, 0)
  assert.equal(fautesDe(texte(p(`{${question.id}}`)), 'document.accepter', null).length, 1)
  assert.match(fautesDe(texte({ ...p('x'), si: { constante: true } }), 'document.accepter', null)[0]!.message, /pas de condition/)
})

test('a question that has the name of a common mark is inserted beside it', () => {
  const champs = modele.formulaire.etapes[0]!.champs
  const homonym = {
    ...modele,
    formulaire: {
      ...modele.formulaire,
      etapes: [{ ...modele.formulaire.etapes[0]!, champs: [{ ...champs[0]!, id: 'motif' } as (typeof champs)[0]] }],
    },
  }
  assert.ok(marquesPour('document.refuser', homonym).some(({ id }) => id === 'reponse.motif'))
  const mots = motsDuDossier(homonym, { champs: { motif: 'Ma réponse' }, lignes: {} }, env, { motif: 'Le motif de l’agent' })
  assert.equal(mots.get('motif'), 'Le motif de l’agent')
})

test('nothing that people write becomes markup in the document', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), words => {
      const made = compose(texte(p('Vous : {a}'), { type: 'liste', texte: '{a}' }), { a: words || 'x' })
      const cadre = { faits: [], motif: undefined, recours: undefined, auteur: undefined }
      const entete = {
        emetteur: { nom: 'V', lignes: [] },
        destinataire: { nom: words, lignes: [] },
        lieuEtDate: '',
        piedDePage: '',
        demonstration: true,
      }
      assert.ok(courrierPdf(courrierDuDocument(entete, { ...made, signataire: undefined }, cadre)).length > 1000)
    }),
    { numRuns: 40, examples: [['#read("/etc/passwd")'], ['*gras* $x$ `code` \\u{1}'], ['"]) #panic()']] },
  )
})

test('the reason is printed once: by the text when it says it, else in its frame', () => {
  const cadre = { faits: [], motif: { titre: 'Motif', texte: 'Complet.' }, recours: 'Deux mois.', auteur: undefined }
  const entete = {
    emetteur: { nom: 'V', lignes: [] },
    destinataire: { nom: 'X', lignes: [] },
    lieuEtDate: '',
    piedDePage: '',
    demonstration: false,
  }
  const framed = (words: string) =>
    courrierDuDocument(entete, { ...compose(texte(p(words)), { motif: 'Complet.' }), signataire: undefined }, cadre).blocs.filter(
      ({ type }) => type === 'encadre',
    ).length
  assert.deepEqual([framed('Non.'), framed('Non : {motif}')], [1, 0])
})

test('the buttons of the page: whatever the order, they make a text of the same shape, and lose no block but the one taken away', () => {
  const geste = fc.oneof(
    fc.tuple(fc.constantFrom('monter', 'descendre', 'condition'), fc.nat(8)).map(([verb, rank]) => `${verb}-${rank}`),
    fc.constantFrom('ajouter', 'inserer', 'voir', '', 'n’importe-quoi'),
  )
  fc.assert(
    fc.property(fc.array(geste, { maxLength: 20 }), gestes => {
      const before = saisieDe(texte(p('un'), p('deux'), p('trois')))
      const after = gestes.reduce((made, one) => faireGeste(made, one, [], 'b0'), before)
      assert.deepEqual(
        after.blocs
          .map(({ texte: words }) => words)
          .filter(Boolean)
          .sort(),
        ['deux', 'trois', 'un'],
      )
    }),
  )
  const inserted = faireGeste(saisieDe(texte(p('Bonjour'))), 'inserer', ['demandeur'], 'b0')
  assert.equal(inserted.blocs[0]!.texte, 'Bonjour {demandeur}')
  assert.equal(faireGeste(inserted, 'inserer', ['demandeur'], 'b7').blocs.length, 1)
  assert.equal(faireGeste(saisieDe(texte(p('a'), p('b'))), 'retirer-0', [], 'b0').blocs.length, 1)
})

test('what is empty, too long or without a subject is told in its place', () => {
  const full = saisieDe({ sujet: '', titre: '', blocs: [p('')] })
  const { erreurs } = contenuSaisi(full, 'message.depot', null)
  assert.deepEqual(erreurs.map(({ champ }) => champ).sort(), ['b0-texte', 'sujet', 'titre'])
  const long = contenuSaisi(saisieDe(texte(p('x'.repeat(bornes.texte + 1)))), 'document.accepter', null)
  assert.match(long.erreurs[0]!.message, /2\s000 caractères au plus/)
  assert.deepEqual(
    cibles(full, 'message.depot').map(({ value }) => value),
    ['titre', 'sujet', 'b0'],
  )
})
