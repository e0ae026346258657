import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { accueilDe, enMots, permissions, permissionsDe, ROLES, retourSur, rolesLus } from './agent.ts'
import { estCourant, problemeDuMotDePasse } from './mot-de-passe.ts'

test('each role allows what it says, and nothing else', () => {
  const of = (...roles: string[]) => [...permissionsDe(roles)].sort()
  assert.deepEqual(of('lecteur'), ['dossiers.lire'])
  assert.deepEqual(of('instructeur'), ['dossiers.instruire', 'dossiers.lire'])
  assert.deepEqual(of('decideur'), ['dossiers.decider', 'dossiers.lire'])
  assert.deepEqual(of('administrateur'), ['agents.gerer', 'journal.lire', 'reglages.modifier'])
  assert.deepEqual([...permissionsDe(ROLES, true)].sort(), Object.keys(permissions).sort())
  assert.ok(!permissionsDe(ROLES).has('catalogue.partager') && !permissionsDe(['decideur'], true).has('catalogue.partager'))
  assert.deepEqual(of('maire', '', '__proto__', 'constructor'), [])
})

test('more roles never allow less, in whatever order they are given', () => {
  const roles = fc.array(fc.oneof(fc.constantFrom<string>(...ROLES), fc.string()))
  fc.assert(
    fc.property(roles, roles, (a, b) => {
      const both = permissionsDe([...a, ...b])
      for (const code of [...permissionsDe(a), ...permissionsDe(b)]) assert.ok(both.has(code))
      assert.deepEqual([...permissionsDe([...b, ...a])], [...both])
      assert.deepEqual(rolesLus([...b, ...a, ...b]), rolesLus([...a, ...b]))
    }),
  )
  assert.equal(enMots(['decideur', 'instructeur']), 'Instructeur, Décideur')
  assert.equal(accueilDe(permissionsDe(['administrateur'])), '/agent/equipe')
  assert.equal(accueilDe(permissionsDe(['administrateur', 'lecteur'])), '/agent/accueil')
})

test('one comes back to a page of the agents’ side only', () => {
  for (const kept of ['/agent', '/agent/dossiers', '/agent/dossiers/42?etat=accepte&q=Jean%20L&page=2', '/agent/equipe/a-b_c.d~e'])
    assert.equal(retourSur(kept), kept)
  const refused = [
    '',
    '/',
    '/agents',
    '//evil.example',
    '/agent//evil.example',
    '/agent/../x',
    '/agent/..',
    '/agent/./x',
    'https://x.example/agent',
    '/agent@x',
  ]
  const more = [
    '/agent\\x',
    '/agent/\n',
    '/agent/connexion',
    '/agent/deconnexion',
    '/agent/invitation/x',
    '/agent/a?b#c',
    '/agent/%2e%2e/x',
    '/Agent',
    '/agentx',
  ]
  for (const typed of [...refused, ...more]) assert.equal(retourSur(typed), undefined, typed)
  const pieces = fc.constantFrom('/', 'agent', '..', '.', '\\', '?', '#', '@', ':', 'evil.example', '%2f', '%2e', '//', '\t', '&', '=')
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), parts => {
      const to = retourSur(`/agent${parts.join('')}`)
      if (to === undefined) return
      const url = new URL(`/vire${to}`, 'https://parvis.example')
      assert.equal(url.origin, 'https://parvis.example')
      assert.match(url.pathname, /^\/vire\/agent(\/|$)/)
    }),
    { numRuns: 2000 },
  )
})

test('passwords that are tried first are refused, sentences and chance are not', () => {
  const courants = [
    'motdepasse123',
    'MotDePasse!2026',
    'P@ssw0rd123456',
    'azertyuiop123',
    'aaaaaaaaaaaa',
    '123123123123',
    '012345678901',
    'abcdefghijklm',
  ]
  const others = [
    'motdepassemotdepasse',
    'administrateur',
    'chocolatchocolat',
    'azertyuiopqs',
    '  1234567890  ',
    'realmadrid2026',
    'bienvenue 2026!',
    'étatcivil1234',
  ]
  for (const typed of [...courants, ...others]) assert.ok(estCourant(typed), typed)
  for (const typed of [
    'le chat du préau dort tard',
    'girafe-lampe-virgule',
    'k7#Qm2!xP9vL',
    'chocolat sous la lune',
    'motdepasse du vendredi',
  ]) {
    assert.ok(!estCourant(typed), typed)
    assert.equal(problemeDuMotDePasse(typed, 'a@b.example'), undefined)
  }
  assert.equal(problemeDuMotDePasse('court', 'a@b.example')?.code, 'mot_de_passe_court')
  assert.equal(problemeDuMotDePasse('🎉'.repeat(11), 'a@b.example')?.code, 'mot_de_passe_court')
  for (const typed of ['camille.martin@valnoir.example', 'Camille.Martin@Valnoir.example', 'camille.martincamille.martin'])
    assert.equal(problemeDuMotDePasse(typed, 'camille.martin@valnoir.example')?.code, 'mot_de_passe_courriel', typed)
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), typed => typeof estCourant(typed) === 'boolean'))
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 3 }), fc.integer({ min: 4, max: 12 }), (unit, n) => estCourant(unit.repeat(n))),
  )
})
