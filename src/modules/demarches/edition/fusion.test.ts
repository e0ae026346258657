import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkModele, type Modele } from '../index.ts'
import { modeles } from '../livre.ts'
import { appliquer, differences, fusionner, operer, phraseDeConflit, resoudre } from './index.ts'
import type { Operation } from './operations.ts'

const cantine: Modele = modeles.find(({ id }) => id === 'restauration-scolaire') ?? assert.fail()
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')

const after = (...operations: Operation[]): Modele =>
  operations.reduce((modele, operation) => {
    const done = operer(modele, operation)
    assert.ok(done.ok, done.ok ? '' : done.message)
    return done.modele
  }, cantine)
const aide = (element: string, text: string): Operation => ({ op: 'modifier', element, proprietes: { aide: text } })
const prix = (defaut: number): Operation => ({ op: 'modifier', element: 'parametres/tarifMaximum', proprietes: { defaut } })
const champs = ({ formulaire }: Modele, etape: number) => formulaire.etapes[etape]?.champs.map(({ id }) => id)

describe('a template and what a commune made of it', () => {
  it('keeps the prices and the questions of the commune under a new version', () => {
    const commune = after(prix(380), { op: 'ajouterChamp', etape: 'enfants', type: 'texte', libelle: 'Doudou', apres: 'ecole' })
    const version2 = after(
      aide('champs/ecole', 'L’école de la rentrée.'),
      { op: 'supprimer', element: 'champs/qualite' },
      { op: 'deplacer', element: 'champs/jours', sens: 'haut' },
    )
    const { resultat, conflits } = fusionner(cantine, version2, commune)
    assert.deepEqual(conflits, [])
    assert.deepEqual(champs(resultat, 1), [
      'enfantPrenom',
      'enfantNom',
      'enfantNaissance',
      'ecole',
      'doudou',
      'jours',
      'classe',
      'allergie',
      'pai',
    ])
    assert.deepEqual(checkModele(resultat), [])
    assert.deepEqual(
      differences(version2, resultat).map(({ cle }) => cle),
      ['parametres/tarifMaximum/defaut', 'champs/doudou'],
      'the overlay is what it was',
    )
  })

  it('adds the documents of both sides, and asks when both rewrote the same one', () => {
    const pieces = (list: readonly string[]): Operation => ({ op: 'modifier', element: '', proprietes: { pieces: list } })
    const both = fusionner(cantine, after(pieces([...cantine.pieces, 'Une photo.'])), after(pieces(['Un RIB.', ...cantine.pieces])))
    assert.deepEqual([both.resultat.pieces, both.conflits], [['Un RIB.', ...cantine.pieces, 'Une photo.'], []])
    const clash = fusionner(cantine, after(pieces(['A.', cantine.pieces[1]!])), after(pieces(['B.', cantine.pieces[1]!])))
    assert.deepEqual(
      clash.conflits.map(({ cle }) => cle),
      ['pieces'],
    )
    assert.deepEqual(clash.resultat.pieces[0], 'B.')
    assert.deepEqual(resoudre(clash, { pieces: 'leurs' }).pieces[0], 'A.')
  })

  it('shows a conflict with the words of both sides, and keeps mine until somebody chooses', () => {
    const fusion = fusionner(cantine, after(aide('champs/ecole', 'La leur.')), after(aide('champs/ecole', 'La mienne.')))
    const [conflit] = fusion.conflits
    assert.ok(conflit)
    const said = phraseDeConflit(conflit, fusion)
    assert.deepEqual([said.sujet, said.leurs, said.miennes].map(plain), [
      'La question « École »',
      'Le texte d’aide de « École » change : « La leur. » au lieu de rien.',
      'Le texte d’aide de « École » change : « La mienne. » au lieu de rien.',
    ])
    const aideDe = (modele: Modele) => modele.formulaire.etapes[1]?.champs[3]?.aide
    assert.equal(aideDe(fusion.resultat), 'La mienne.')
    assert.equal(aideDe(resoudre(fusion, { [conflit.cle]: 'leurs' })), 'La leur.')
  })

  it('does not remove what the commune changed, nor bring back what it removed, without asking', () => {
    const removed = after({ op: 'supprimer', element: 'champs/ecole' })
    const changed = after(aide('champs/ecole', 'Changée.'))
    const keeps = fusionner(cantine, removed, changed)
    assert.deepEqual(
      keeps.conflits.map(({ cle, leurs }) => [cle, leurs]),
      [['champs/ecole', undefined]],
    )
    assert.ok(champs(keeps.resultat, 1)?.includes('ecole'))
    assert.ok(!champs(resoudre(keeps, { 'champs/ecole': 'leurs' }), 1)?.includes('ecole'))
    const stays = fusionner(cantine, changed, removed)
    assert.ok(!champs(stays.resultat, 1)?.includes('ecole'))
    assert.ok(champs(resoudre(stays, { 'champs/ecole': 'leurs' }), 1)?.includes('ecole'))
    assert.match(plain(phraseDeConflit(stays.conflits[0]!, stays).miennes), /^La question « École » est retirée\.$/)
  })

  it('keeps an étape that the template withdrew when the commune added to it', () => {
    const commune = after({ op: 'ajouterChamp', etape: 'debutRepas', type: 'texte', libelle: 'Doudou' })
    const fusion = fusionner(cantine, after({ op: 'supprimer', element: 'etapes/debutRepas' }), commune)
    assert.deepEqual(
      fusion.conflits.map(({ cle }) => cle),
      ['etapes/debutRepas'],
    )
    assert.deepEqual(champs(fusion.resultat, 2), ['debut', 'doudou'])
    assert.deepEqual(
      resoudre(fusion, { 'etapes/debutRepas': 'leurs' }).formulaire.etapes.map(({ id }) => id),
      ['responsable', 'enfants', 'ressources', 'prix'],
    )
  })

  it('asks when both moved things differently', () => {
    const [up, down] = [
      after({ op: 'deplacer', element: 'champs/classe', sens: 'haut' }),
      after({ op: 'deplacer', element: 'champs/classe', sens: 'bas' }),
    ]
    const fusion = fusionner(cantine, up, down)
    assert.deepEqual(
      fusion.conflits.map(({ cle }) => cle),
      ['etapes/enfants/champs#ordre'],
    )
    assert.deepEqual(fusion.resultat, down)
    assert.deepEqual(resoudre(fusion, { 'etapes/enfants/champs#ordre': 'leurs' }), up)
  })

  it('accepts a version in part, and says what cannot go without the rest', () => {
    const version2 = after({ op: 'ajouterEtape', titre: 'Santé' }, aide('champs/ecole', 'Aide.'))
    const all = differences(cantine, version2)
    const { modele, impossibles } = appliquer(
      cantine,
      all.filter(({ cle }) => !cle.startsWith('etapes/')),
    )
    assert.deepEqual(
      impossibles.map(({ difference, raison }) => [difference.cle, plain(raison)]),
      [['champs/nouvelleQuestion', 'L’étape où va cette question n’est pas reprise.']],
    )
    assert.deepEqual(
      differences(cantine, modele).map(({ cle }) => cle),
      ['champs/ecole/aide'],
    )
  })
})
