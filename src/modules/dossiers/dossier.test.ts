import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type Acte,
  type AuteurNature,
  actesPossibles,
  type Etat,
  estTermine,
  type NatureEvenement,
  type Regime,
  replier,
  type Situation,
  TERMINAUX,
  transition,
} from './dossier.ts'

const ETATS: readonly Etat[] = ['brouillon', 'en_construction', 'en_instruction', 'accepte', 'refuse', 'sans_suite']
const REGIMES: readonly Regime[] = ['ordinaire', 'declaratif', 'sva', 'svr']
const AUTEURS: readonly AuteurNature[] = ['usager', 'agent', 'systeme', 'expert', 'api']
const NATURES: readonly NatureEvenement[] = [
  'ouvrir',
  'deposer',
  'prendre_en_instruction',
  'demander_correction',
  'repondre_correction',
  'repasser_en_construction',
  'accepter',
  'refuser',
  'classer_sans_suite',
  'accepter_auto',
  'refuser_auto',
  'rouvrir',
  'ecrire',
  'attribuer',
  'changer_service',
  'annoter',
  'etiqueter',
  'desetiqueter',
  'demander_avis',
  'relancer_avis',
  'rendre_avis',
  'retirer_avis',
  'cacher',
  'restaurer',
  'effacer_identite',
  'rectifier',
  'corriger_courriel',
  'renouveler_code',
  'envoyer_courrier',
]

const s = (etat: Etat, correctionEnAttente = false, cache = false): Situation => ({ etat, correctionEnAttente, cache })
const A_COTE: readonly NatureEvenement[] = [
  'ecrire',
  'attribuer',
  'changer_service',
  'annoter',
  'etiqueter',
  'desetiqueter',
  'demander_avis',
  'relancer_avis',
  'rendre_avis',
  'retirer_avis',
  'effacer_identite',
  'rectifier',
  'corriger_courriel',
  'renouveler_code',
  'envoyer_courrier',
]
const acte = fc.record({
  nature: fc.constantFrom(...NATURES),
  auteur: fc.constantFrom(...AUTEURS),
  motif: fc.constantFrom(undefined, '', '  ', 'Un motif.'),
})
const regime = fc.constantFrom(...REGIMES)
// What is tried after the opening and the deposit: without them a random history stays a draft for ever.
const histoire = fc
  .array(acte, { minLength: 1, maxLength: 40 })
  .map((actes): Acte[] => [{ nature: 'ouvrir', auteur: 'usager' }, { nature: 'deposer', auteur: 'usager' }, ...actes])

/** Plays acts one after another: those that are refused leave things as they are. */
function jouer(actes: readonly Acte[], regime: Regime) {
  let situation: Situation | null = null
  const kept: Acte[] = []
  const steps: { avant: Situation | null; acte: Acte; apres: Situation | null; code: string | undefined }[] = []
  for (const acte of actes) {
    const next = transition(situation, acte, regime)
    steps.push({ avant: situation, acte, apres: next.ok ? next.value : situation, code: next.ok ? undefined : next.refusal.code })
    if (!next.ok) continue
    situation = next.value
    kept.push(acte)
  }
  return { situation, kept, steps }
}

test('over random histories: folding is replaying, six states only, and each guard of the table holds', () => {
  const reached = new Set<Etat>()
  fc.assert(
    fc.property(histoire, regime, (actes, regime) => {
      const { situation, kept, steps } = jouer(actes, regime)
      assert.deepEqual(replier(kept, regime), situation)
      for (const { avant, acte, apres, code } of steps) {
        if (apres) reached.add(apres.etat)
        assert.ok(apres === null || ETATS.includes(apres.etat))
        assert.ok(!apres?.correctionEnAttente || apres.etat === 'en_construction', 'a correction is pending in en_construction only')
        if (code !== undefined) continue
        if (avant?.cache) assert.equal(acte.nature, 'restaurer', `${acte.nature} on a hidden dossier`)
        if (acte.nature === 'restaurer') assert.ok(avant?.cache && !apres?.cache)
        if (acte.nature === 'cacher') assert.ok(avant?.etat !== 'en_instruction', 'never from en_instruction')
        if (['cacher', 'restaurer'].includes(acte.nature)) assert.equal(avant?.etat, apres?.etat)
        if (A_COTE.includes(acte.nature)) {
          assert.deepEqual(apres, avant, `${acte.nature} changes the state`)
          assert.equal(acte.auteur === 'expert', acte.nature === 'rendre_avis')
          continue
        }
        if (['cacher', 'restaurer'].includes(acte.nature)) continue
        if (avant && estTermine(avant.etat)) assert.equal(acte.nature, 'rouvrir', `${acte.nature} after a decision`)
        if (avant?.correctionEnAttente) assert.equal(acte.nature, 'repondre_correction', `${acte.nature} while a correction is pending`)
        if (['refuser', 'classer_sans_suite', 'rouvrir', 'demander_correction'].includes(acte.nature))
          assert.ok(acte.motif?.trim(), 'without a motif')
        if (acte.nature === 'accepter_auto') assert.ok(regime === 'declaratif' || regime === 'sva')
        if (acte.nature === 'refuser_auto') assert.equal(regime, 'svr')
        if (acte.nature === 'repasser_en_construction') assert.ok(regime === 'ordinaire' || regime === 'declaratif')
        if (acte.auteur === 'systeme') assert.ok(['ouvrir', 'accepter_auto', 'refuser_auto'].includes(acte.nature))
        if (acte.auteur === 'usager') assert.ok(['ouvrir', 'deposer', 'repondre_correction'].includes(acte.nature))
      }
    }),
    { numRuns: 3000 },
  )
  assert.deepEqual([...reached].sort(), [...ETATS].sort(), 'the histories did not reach every state')
})

test('a refused act changes nothing and says what to do next', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ETATS), fc.boolean(), acte, regime, (etat, pending, acte, regime) => {
      const before = Object.freeze(s(etat, pending && etat === 'en_construction'))
      const next = transition(before, acte, regime)
      if (next.ok) return
      assert.ok(next.refusal.sentence.length > 20 && next.refusal.status >= 400 && next.refusal.status < 500)
    }),
    { numRuns: 2000 },
  )
})

test('the buttons shown are exactly the acts that an agent would be allowed', () => {
  for (const regime of REGIMES)
    for (const etat of ETATS)
      for (const pending of etat === 'en_construction' ? [false, true] : [false]) {
        const shown = actesPossibles(s(etat, pending), regime)
        for (const nature of shown)
          assert.ok(transition(s(etat, pending), { nature, auteur: 'agent', motif: 'x' }, regime).ok, `${nature} in ${etat}`)
        const allowed = NATURES.filter(nature => transition(s(etat, pending), { nature, auteur: 'agent', motif: 'x' }, regime).ok)
        const elsewhere: NatureEvenement[] = ['ouvrir', 'deposer', 'repondre_correction', 'cacher', ...A_COTE]
        assert.deepEqual([...shown].sort(), allowed.filter(nature => !elsewhere.includes(nature)).sort(), `${etat} ${pending} ${regime}`)
      }
})

test('a history that the rules do not allow is an accident', () => {
  assert.throws(() => replier([{ nature: 'accepter', auteur: 'agent' }], 'ordinaire'), /illegal history: accepter after nothing/)
  assert.equal(replier([], 'sva'), null)
})

type Ligne = [
  de: Situation | null,
  nature: NatureEvenement,
  auteur: AuteurNature,
  regime: Regime,
  attendu: Situation | string,
  motif?: string,
]

// One example a row of the table of reference, and one for each of its guards.
const TABLE: readonly Ligne[] = [
  [null, 'ouvrir', 'usager', 'ordinaire', s('brouillon')],
  [null, 'ouvrir', 'agent', 'ordinaire', s('brouillon')],
  [s('brouillon'), 'ouvrir', 'usager', 'ordinaire', 'etat_change'],
  [s('brouillon'), 'deposer', 'usager', 'ordinaire', s('en_construction')],
  [s('brouillon'), 'deposer', 'agent', 'ordinaire', s('en_construction')],
  [s('brouillon'), 'deposer', 'systeme', 'ordinaire', 'auteur_interdit'],
  [s('brouillon'), 'deposer', 'usager', 'declaratif', s('en_instruction')],
  [s('brouillon'), 'deposer', 'usager', 'sva', s('en_instruction')],
  [s('brouillon'), 'deposer', 'usager', 'svr', s('en_instruction')],
  [s('en_construction'), 'prendre_en_instruction', 'agent', 'ordinaire', s('en_instruction')],
  [s('en_construction'), 'prendre_en_instruction', 'usager', 'ordinaire', 'auteur_interdit'],
  [s('en_construction', true), 'prendre_en_instruction', 'agent', 'ordinaire', 'correction_en_attente'],
  [s('en_construction'), 'demander_correction', 'agent', 'ordinaire', s('en_construction', true), 'Il manque une pièce.'],
  [s('en_instruction'), 'demander_correction', 'agent', 'sva', s('en_construction', true), 'Il manque une pièce.'],
  [s('en_construction'), 'demander_correction', 'agent', 'ordinaire', 'motif_absent'],
  [s('en_construction', true), 'demander_correction', 'agent', 'ordinaire', 'correction_en_attente', 'Encore.'],
  [s('accepte'), 'demander_correction', 'agent', 'ordinaire', 'etat_change', 'Trop tard.'],
  [s('en_construction', true), 'repondre_correction', 'usager', 'ordinaire', s('en_construction')],
  [s('en_construction', true), 'repondre_correction', 'usager', 'declaratif', s('en_construction')],
  [s('en_construction', true), 'repondre_correction', 'usager', 'sva', s('en_instruction')],
  [s('en_construction', true), 'repondre_correction', 'agent', 'svr', s('en_instruction')],
  [s('en_construction'), 'repondre_correction', 'usager', 'ordinaire', 'aucune_correction'],
  [s('en_instruction'), 'repasser_en_construction', 'agent', 'ordinaire', s('en_construction')],
  [s('en_instruction'), 'repasser_en_construction', 'agent', 'sva', 'interdit_sous_silence'],
  [s('en_instruction'), 'repasser_en_construction', 'agent', 'svr', 'interdit_sous_silence'],
  [s('en_instruction'), 'accepter', 'agent', 'ordinaire', s('accepte')],
  [s('en_instruction'), 'refuser', 'agent', 'ordinaire', s('refuse'), 'La rue est en travaux.'],
  [s('en_instruction'), 'refuser', 'agent', 'ordinaire', 'motif_absent', ' \n '],
  [s('en_instruction'), 'classer_sans_suite', 'agent', 'ordinaire', s('sans_suite'), 'Faite deux fois.'],
  [s('en_instruction'), 'classer_sans_suite', 'agent', 'ordinaire', 'motif_absent'],
  [s('en_construction'), 'accepter', 'agent', 'ordinaire', 'etat_change'],
  [s('en_instruction'), 'accepter', 'usager', 'ordinaire', 'auteur_interdit'],
  [s('en_construction'), 'accepter_auto', 'systeme', 'declaratif', s('accepte')],
  [s('en_instruction'), 'accepter_auto', 'systeme', 'sva', s('accepte')],
  [s('en_instruction'), 'accepter_auto', 'systeme', 'ordinaire', 'hors_regime'],
  [s('en_instruction'), 'accepter_auto', 'systeme', 'svr', 'hors_regime'],
  [s('en_construction', true), 'accepter_auto', 'systeme', 'sva', 'correction_en_attente'],
  [s('en_instruction'), 'accepter_auto', 'agent', 'sva', 'auteur_interdit'],
  [s('en_instruction'), 'refuser_auto', 'systeme', 'svr', s('refuse')],
  [s('en_instruction'), 'refuser_auto', 'systeme', 'sva', 'hors_regime'],
  [s('en_construction', true), 'refuser_auto', 'systeme', 'svr', 'etat_change'],
  ...TERMINAUX.map((etat): Ligne => [s(etat), 'rouvrir', 'agent', 'ordinaire', s('en_instruction'), 'Erreur de notre part.']),
  [s('accepte'), 'rouvrir', 'agent', 'ordinaire', 'motif_absent'],
  [s('en_instruction'), 'rouvrir', 'agent', 'ordinaire', 'etat_change', 'Rien à rouvrir.'],
  [s('brouillon'), 'ecrire', 'usager', 'ordinaire', 'etat_change'],
  [s('refuse'), 'ecrire', 'usager', 'ordinaire', s('refuse')],
  [s('en_construction', true), 'ecrire', 'agent', 'ordinaire', s('en_construction', true)],
  [s('en_construction'), 'prendre_en_instruction', 'api', 'ordinaire', s('en_instruction')],
  [s('en_instruction'), 'rendre_avis', 'expert', 'ordinaire', s('en_instruction')],
  [s('en_instruction'), 'rendre_avis', 'agent', 'ordinaire', 'auteur_interdit'],
  [s('accepte'), 'rendre_avis', 'expert', 'ordinaire', 'etat_change'],
  [s('accepte'), 'annoter', 'agent', 'ordinaire', s('accepte')],
  [s('brouillon'), 'annoter', 'agent', 'ordinaire', 'etat_change'],
  [s('en_instruction'), 'cacher', 'usager', 'ordinaire', 'etat_change', 'Je renonce.'],
  [s('brouillon'), 'cacher', 'usager', 'ordinaire', s('brouillon', false, true), 'Je renonce.'],
  [s('refuse'), 'cacher', 'systeme', 'ordinaire', s('refuse', false, true), 'Fin de conservation.'],
  [s('refuse', false, true), 'rouvrir', 'agent', 'ordinaire', 'cache', 'Erreur.'],
  [s('refuse', false, true), 'restaurer', 'agent', 'ordinaire', s('refuse')],
  [s('refuse'), 'restaurer', 'agent', 'ordinaire', 'pas_cache'],
]

test('each row of the table of reference', () => {
  assert.ok(TABLE.length >= 45)
  for (const [de, nature, auteur, regime, attendu, motif] of TABLE) {
    const next = transition(de, { nature, auteur, motif }, regime)
    assert.deepEqual(next.ok ? next.value : next.refusal.code, attendu, `${de?.etat ?? 'nothing'} ${nature} by ${auteur} under ${regime}`)
  }
})
