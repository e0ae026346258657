import assert from 'node:assert/strict'
import { test } from 'node:test'
import { estDansLaPortee } from './portee.ts'

test('a reserved service entrusted for one démarche is not opened for the others by a wider delegation', () => {
  const portee = {
    sauf: ['Action sociale'],
    seulement: [
      { demarcheId: 'aide-sociale', service: 'Action sociale' },
      { demarcheId: null, service: null },
    ],
  }
  const voit = (demarche_id: string, service: string | null) => estDansLaPortee(portee, { demarche_id, service })
  assert.ok(voit('aide-sociale', 'Action sociale'))
  assert.ok(!voit('carte-senior', 'Action sociale'))
  assert.ok(voit('carte-senior', 'Accueil'))
  assert.ok(voit('carte-senior', null))
})

test('the dossiers of a reserved service are out of what an agent of here sees, unless they are of its team', () => {
  const voit = (sauf: string[], service: string | null) => estDansLaPortee({ sauf, seulement: null }, { demarche_id: 'd', service })
  assert.deepEqual([voit(['A'], 'A'), voit(['A'], 'B'), voit(['A'], null), voit([], 'A')], [false, true, true, true])
})
