import assert from 'node:assert/strict'
import { test } from 'node:test'
import { modeles } from '../demarches/livre.ts'
import type { Collectivite } from '../territoire/index.ts'
import { mentionsDeLAccuse } from './accuse.ts'

const reglage = {
  adresse: '1 place de la Fontaine',
  codePostal: '14999',
  ville: 'Valnoir',
  telephone: '02 61 91 00 12',
  courriel: 'mairie@valnoir.example',
  horaires: null,
  site: null,
  couleur: null,
  logo: null,
}
const collectivite = { nom: 'Valnoir', nature: 'commune', departement: '14', reglage } satisfies Pick<
  Collectivite,
  'nom' | 'nature' | 'departement' | 'reglage'
>
const modele = (id: string) => modeles.find(m => m.id === id)!
const dossier = { depose_le: new Date('2026-11-21T23:30:00Z'), silence_le: '2027-01-23' }

test('silence that accepts: every mention of R112-11-1, and the attestation of L232-3', () => {
  const { lignes, paragraphes } = mentionsDeLAccuse({ collectivite, modele: modele('restauration-scolaire'), dossier })
  assert.deepEqual(
    lignes.map(({ cle, valeur }) => [cle, valeur.replaceAll('\u00a0', ' ')]),
    [
      ['Reçue le', '22 novembre 2026 à 00:30'],
      ['Service chargé de la demande', 'Service des écoles, Valnoir'],
      ['Adresse postale', '1 place de la Fontaine\n14999 Valnoir'],
      ['Adresse électronique', 'mairie@valnoir.example'],
      ['Téléphone', '02 61 91 00 12'],
      ['Sans réponse', 'Demande acceptée le 23 janvier 2027'],
    ],
  )
  assert.match(paragraphes.join(' '), /attestation.*L232-3/)
})

test('silence that refuses: the appeal and its last day instead of the attestation', () => {
  const { lignes, paragraphes } = mentionsDeLAccuse({ collectivite, modele: modele('occupation-domaine-public'), dossier })
  assert.equal(lignes.at(-1)!.valeur, 'Demande refusée le 23 janvier 2027')
  assert.match(paragraphes.join(' '), /tribunal administratif/)
  assert.match(paragraphes.join(' '), /jusqu’au 23 mars 2027 inclus/)
  assert.doesNotMatch(paragraphes.join(' '), /L232-3/)
})

test('what is unknown is not said, and the hour is that of the place', () => {
  const nothing = { ...reglage, adresse: null, telephone: null, courriel: null }
  const { lignes } = mentionsDeLAccuse({
    collectivite: { ...collectivite, departement: '974', reglage: nothing },
    modele: modele('restauration-scolaire'),
    dossier,
  })
  assert.deepEqual(
    lignes.map(({ cle }) => cle),
    ['Reçue le', 'Service chargé de la demande', 'Sans réponse'],
  )
  assert.match(lignes[0]!.valeur, /22 novembre 2026 à 03:30/)
})

test('a declarative démarche, or a stopped clock, promises no day', () => {
  const declaratif = mentionsDeLAccuse({ collectivite, modele: { ...modele('restauration-scolaire'), regime: 'declaratif' }, dossier })
  const stopped = mentionsDeLAccuse({ collectivite, modele: modele('restauration-scolaire'), dossier: { ...dossier, silence_le: null } })
  for (const { lignes } of [declaratif, stopped]) assert.ok(!lignes.some(({ cle }) => cle === 'Sans réponse'))
  assert.doesNotMatch(declaratif.paragraphes.join(' '), /silence|deux mois/)
})

test('if something is missing: what becomes of the period is said, as the law or the démarche has it', () => {
  const said = (id: string, silence: object = {}) =>
    mentionsDeLAccuse({
      collectivite,
      modele: { ...modele(id), silence: { ...modele(id).silence, ...silence } },
      dossier,
    }).paragraphes.join(' ')
  assert.match(said('restauration-scolaire'), /Un nouveau délai de 2\u00a0mois commence le lendemain de votre réponse/)
  assert.match(said('restauration-scolaire', { jours: 21 }), /Un nouveau délai de 21\u00a0jours/)
  assert.match(said('occupation-domaine-public'), /Il reprend où il en était/)
  assert.match(said('occupation-domaine-public', { reprise: 'repart' }), /Un nouveau délai de 2\u00a0mois/)
})

test('silence that accepts by itself: the attestation comes without being asked', () => {
  const { paragraphes } = mentionsDeLAccuse({ collectivite, modele: { ...modele('restauration-scolaire'), regime: 'sva' }, dossier })
  assert.match(paragraphes.join(' '), /une attestation vous est envoyée sans que vous la demandiez.*L232-3/)
})
