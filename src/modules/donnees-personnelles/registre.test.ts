import assert from 'node:assert/strict'
import { test } from 'node:test'
import { modeles } from '../demarches/catalogue.ts'
import { donnees } from '../dossiers/donnees.ts'
import { enHtml, enMarkdown } from './ecrire.ts'
import { tablesDe } from './queries/registre.ts'
import { registreDe } from './registre.ts'

const tables = tablesDe([{ donnees }])
const registre = registreDe(
  { nom: 'Commune de <Valnoir>', contact: ['1 place de la Fontaine'] },
  modeles.map(modele => ({ modele, estOuverte: true })),
  tables,
)

test('every processing says what article 30 asks', () => {
  assert.ok(registre.traitements.length > modeles.length)
  for (const found of registre.traitements)
    for (const key of ['finalites', 'base', 'personnes', 'donnees', 'destinataires', 'durees'] as const)
      assert.ok(found[key].length > 0 && found[key].every(line => line.trim() !== ''), `${found.nom}: ${key}`)
})

test('a démarche says its ground, its duration and its fate; an identity document that it goes after the decision', () => {
  const base = modeles.find(({ id }) => id === 'restauration-scolaire')!
  const [first] = registreDe(
    { nom: 'X', contact: [] },
    [
      {
        modele: { ...base, conservationMois: 18, sortFinal: 'archiver', baseRgpd: 'contrat', finalites: ['Servir les repas.'] },
        estOuverte: false,
      },
    ],
    {},
  ).traitements
  assert.equal(first!.nom, `${base.titre} (fermée aux habitants)`)
  assert.deepEqual(first!.finalites, ['Servir les repas.'])
  assert.match(first!.base[0]!, /6\.1\.b/)
  assert.ok(first!.durees.includes('18\u00a0mois après la décision, puis remis aux archives publiques, puis effacé ici'))
  assert.ok(first!.donnees.includes('coordonnées') && first!.donnees.includes('identité'))
})

test('written down, nothing of a name becomes markup', () => {
  const html = enHtml(registre, '21 novembre 2026')
  assert.ok(html.includes('Commune de &#60;Valnoir&#62;') && !html.includes('<Valnoir>'))
  assert.match(enMarkdown(registre, '21 novembre 2026'), /^# Registre des activités de traitement/)
})
