import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parcours, problems, recapitulatif } from '../formulaires/index.ts'
import { checkModele, evenementsDeVie, textes } from './index.ts'
import { exemples, jouerExemple, modeles } from './livre.ts'
import { env, modele, today } from './modeles/testing.ts'
import { offertsParEpci } from './socle.ts'

// Reached only with settings of the commune that are not the default; a test below opens each of them.
const selonReglage = ['rendez-vous-mairie nombreTitres', 'meuble-tourisme usage']

describe('the models shipped', () => {
  for (const found of modeles) {
    const samples = exemples[found.id] ?? []
    const champs = found.formulaire.etapes.flatMap(etape => etape.champs)

    it(`${found.id} has nothing wrong`, () => assert.deepEqual(checkModele(found), []))

    it(`${found.id} speaks in sentences of 20 words at most`, () => {
      for (const text of textsOf(found))
        for (const sentence of text.split(/(?<=[.!?])\s+/))
          assert.ok(sentence.split(/\s+/).filter(word => /[\p{L}\p{N}]/u.test(word)).length <= 20, `too long: ${sentence}`)
    })

    it(`${found.id} has French typography`, () => {
      for (const text of textsOf(found)) assert.doesNotMatch(text, /'| [:;?!»%€]|« /, text)
    })

    it(`${found.id} explains its acronyms`, () => {
      const texts = textsOf(found)
      const acronyms = texts.flatMap(text => text.match(/(?<![\p{L}\d])\p{Lu}{2,}(?![\p{L}\d])/gu) ?? [])
      for (const acronym of acronyms)
        assert.ok(connus.has(acronym) || texts.some(text => text.includes(`(${acronym})`)), `« ${acronym} » is never explained`)
    })

    it(`${found.id} lists every document that it may ask for`, () => {
      const listed = found.pieces.map(stems)
      for (const champ of champs.filter(({ type }) => type === 'piece')) {
        const wanted = stems(`${champ.libelle} ${champ.enPhrase ?? ''}`)
        assert.ok(
          listed.some(line => wanted.some(word => line.includes(word))),
          `« ${champ.libelle} » is not among the documents to prepare`,
        )
      }
    })

    it(`${found.id} says what silence means, how to appeal, and keeps nothing beyond 60 months`, () => {
      assert.match(found.silence.texte, found.silence.effet === 'rejet' ? /refus/ : /accept|acquise/)
      assert.match(found.recours, /écri|saisi|appel/i)
      assert.ok(found.conservationMois <= 60)
      if (/Gratuit\.$/.test(found.cout)) assert.ok(!champs.some(({ type, id }) => type === 'calcul' && id.startsWith('prix')))
    })

    it(`${found.id} has no setting that changes nothing`, () => {
      const { parametres = [], ...asked } = found.formulaire
      const readers = JSON.stringify([asked, found.decision])
      for (const { id } of parametres) assert.ok(readers.includes(`"parametre":"${id}"`) || readers.includes(`{${id}}`), id)
    })

    it(`${found.id} asks who you are in the words of the others`, () => {
      for (const [role, autocomplete] of Object.entries(jetons)) {
        const id = Reflect.get(found.demandeur, role)
        if (id !== undefined) assert.equal(champs.find(champ => champ.id === id)?.autocomplete, autocomplete, role)
        if (id !== undefined && !anciens.has(found.id)) assert.equal(id, role)
      }
    })

    it(`${found.id} has samples that see every question and lose no answer`, () => {
      assert.ok(samples.length >= 2)
      const seen = new Set<string>(selonReglage.filter(key => key.startsWith(`${found.id} `)).map(key => key.slice(found.id.length + 1)))
      for (const sample of samples) {
        const { reponses } = jouerExemple(found, sample, env(found))
        for (const { champs: shown, lignes } of parcours(found.formulaire, reponses, env(found)))
          for (const { champ } of [...shown, ...lignes.flatMap(({ champs: inRow }) => inRow)]) seen.add(champ.id)
        const kept = new Set([
          ...Object.keys(reponses.champs),
          ...Object.values(reponses.lignes).flatMap(rows => rows.flatMap(row => Object.keys(row.champs))),
        ])
        for (const { saisie } of sample.envois)
          for (const [name, value] of Object.entries(saisie))
            if (value !== '') assert.ok(kept.has(name.split('-')[0] ?? ''), `${sample.nom}: « ${name} » is posted and dropped`)
      }
      assert.deepEqual(
        champs.map(({ id }) => id).filter(id => !seen.has(id)),
        [],
        'questions that no sample sees',
      )
    })

    for (const sample of samples)
      it(`${found.id}, ${sample.nom}: may be filed, whatever the day`, () => {
        for (const day of [today, '2027-02-28', '2028-02-29', '2030-12-31']) {
          const played = jouerExemple(found, sample, env(found, day))
          assert.deepEqual(played.erreurs, [], day)
          assert.deepEqual(problems(found.formulaire, played.reponses, env(found, day)), [], day)
          assert.ok(recapitulatif(found.formulaire, played.reponses, env(found, day)).length >= 2)
          const words = textes.motsDesReponses(found, played.reponses, env(found, day))
          assert.ok(found.decision.texteAcceptation.some(text => textes.remplir(text, words)))
        }
      })
  }

  it('are thirty at least, one of each id, in the order of the moments of life', () => {
    assert.ok(modeles.length >= 30)
    assert.equal(new Set(modeles.map(({ id }) => id)).size, modeles.length)
    const order = Object.keys(evenementsDeVie)
    const ranks = modeles.map(({ evenementDeVie }) => order.indexOf(evenementDeVie))
    assert.deepEqual(
      ranks,
      ranks.toSorted((a, b) => a - b),
    )
    assert.deepEqual(new Set(ranks).size, order.length, 'every moment of life has a démarche')
  })

  it('name what an intercommunalité offers', () => {
    for (const id of offertsParEpci) assert.ok(modele(id))
  })
})

/** The acronyms that people say every day, and the levels of school. */
const connus = new Set(['CAF', 'MSA', 'CP', 'IBAN'])
/** The identity asked everywhere: role → token of autocomplete, so that an answer is offered again from one démarche to another. */
const jetons = { nom: 'family-name', prenom: 'given-name', courriel: 'email', telephone: 'tel', adresse: 'street-address' }
/** Published before the ids of identity were shared. */
const anciens = new Set(['acte-etat-civil', 'restauration-scolaire', 'occupation-domaine-public'])

/** The beginnings of the long words of a text, without accents, to compare two ways of naming a document. */
const stems = (text: string): string[] =>
  (
    text
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/\p{L}{4,}/gu) ?? []
  )
    .filter(word => !['vous', 'votre', 'pour', 'avec', 'dans', 'moins'].includes(word))
    .map(word => word.slice(0, 5))

function textsOf(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return ['id', 'type', 'champ', 'reference', 'motsCles'].includes(key) ? [] : [value]
  if (Array.isArray(value)) return value.flatMap(item => textsOf(item, key))
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([name, item]) => textsOf(item, name)) : []
}
