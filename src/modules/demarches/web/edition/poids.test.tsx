import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { VNode } from 'preact'
import { renderFragment } from '../../../../platform/html/render.ts'
import { definitions } from '../../../formulaires/index.ts'
import { modeles } from '../../catalogue.ts'
import type { Modele } from '../../demarche.ts'
import { PageDuChamp } from './champ.page.tsx'
import { etatDe, sujetsPour } from './condition.ts'
import { FormulairePapier } from './papier.page.tsx'
import { type PageDuPlan, PlanDuFormulaire } from './plan.page.tsx'
import { enSomme } from './somme.ts'
import { PageDesTextes } from './textes.page.tsx'

// EcoIndex A: 419 elements at most with three requests and 20 kB; the page around takes 55 of them, its notice 10.
const AROUND = 65
const MOST = 419 - AROUND
const elements = (node: VNode): number => renderFragment(node).match(/<[a-z]/g)?.length ?? 0

const envoi = { rang: 12, revision: 1, jeton: 'jeton', cle: () => 'cle' }
const adresse = '/vire-normandie/agent/demarches/essai/edition'

const champ = (rank: number): definitions.Champ => ({ id: `q${rank}`, type: 'oui_non', libelle: `Question ${rank}` })
const soixante = (): Modele => ({
  ...modeles[0]!,
  formulaire: { etapes: [{ id: 'seule', titre: 'Seule', champs: Array.from({ length: 60 }, (_, rank) => champ(rank)) }] },
})

const plan = (modele: Modele) => {
  const pages: PageDuPlan[] = modele.formulaire.etapes.map(({ id, titre, champs }, rank) => ({
    id,
    libelle: titre,
    description: `${champs.length} questions.`,
    estOuverte: rank === 0,
    champs: champs.map(one => ({ id: one.id, libelle: one.libelle, description: 'Oui ou non.' })),
  }))
  const controle = { lieu: 'Question', message: 'Condition jamais remplie', chemin: '/champs/q1' }
  return (
    <PlanDuFormulaire
      adresse={adresse}
      essai="/essai"
      publication="/publication"
      pages={pages}
      controles={Array.from({ length: 15 }, () => controle)}
      annuler={12}
      retablir={11}
      aPublier
      envoi={envoi}
    />
  )
}

const page = (modele: Modele, id: string) => {
  const { formulaire } = modele
  const found = definitions.indexDe(formulaire).champs.get(id)!
  const calcul = found.champ.type === 'calcul' ? enSomme(found.champ.expression) : null
  return (
    <PageDuChamp
      adresse={adresse}
      champ={found.champ}
      formulaire={formulaire}
      etapeId={found.etape.id}
      envoi={envoi}
      saisie={undefined}
      listes={[]}
      listesHref="/listes"
      sortes={[]}
      condition={etatDe(found.champ.visibleSi, formulaire)}
      sujets={sujetsPour(formulaire, read => read !== id)}
      calcul={calcul}
      erreur={undefined}
      apercu={<p>Aperçu</p>}
    />
  )
}

describe('the pages of the editor stay light: EcoIndex A', () => {
  it('the plan of sixty questions on one page, fifteen defects told', () => {
    assert.ok(elements(plan(soixante())) <= MOST, `${elements(plan(soixante()))} elements`)
  })

  it('the plan of thirty pages, thirty-one questions on the first', () => {
    const etapes = Array.from({ length: 30 }, (_, rank) => ({
      id: `e${rank}`,
      titre: `Page ${rank}`,
      champs: rank === 0 ? Array.from({ length: 31 }, (__, n) => champ(n)) : [champ(100 + rank)],
    }))
    const modele = { ...modeles[0]!, formulaire: { etapes } }
    assert.ok(elements(plan(modele)) <= MOST, `${elements(plan(modele))} elements`)
  })

  it('the last of sixty questions, and every question of every template', () => {
    let heaviest = 0
    for (const modele of [soixante(), ...modeles])
      for (const { champ: one } of definitions.indexDe(modele.formulaire).champs.values()) {
        const count = elements(page(modele, one.id))
        assert.ok(count <= MOST, `${modele.id}, ${one.id}: ${count} elements`)
        heaviest = Math.max(heaviest, count)
      }
    assert.ok(heaviest > 100, `${heaviest}: too little was seen`)
  })

  it('the texts and the paper form of every template', () => {
    for (const modele of modeles) {
      const textes = <PageDesTextes adresse={adresse} modele={modele} envoi={envoi} saisie={undefined} erreur={undefined} />
      assert.ok(elements(textes) <= MOST, `${modele.id}, textes: ${elements(textes)} elements`)
      const papier = <FormulairePapier modele={modele} collectivite={commune} version="version 1" />
      assert.ok(elements(papier) <= MOST, `${modele.id}, papier: ${elements(papier)} elements`)
    }
  })
})

const commune: Parameters<typeof FormulairePapier>[0]['collectivite'] = {
  id: '0',
  nom: 'Exemple',
  base: '/exemple',
  address: 'https://parvis.example/exemple',
  nature: 'commune',
  chemin: 'exemple',
  code: '14762',
  siren: null,
  codesPostaux: ['14500'],
  population: 100,
  epciId: null,
  epciCode: null,
  epciNom: null,
  departement: '14',
  departementNom: 'Calvados',
  region: '28',
  hote: null,
  remplaceePar: null,
  reglage: {
    adresse: '1 place Exemple',
    codePostal: '14500',
    ville: 'Exemple',
    telephone: '02 61 91 00 00',
    courriel: 'mairie@exemple.example',
    horaires: 'Lundi au vendredi : 9 h – 12 h',
    site: null,
    couleur: null,
    logo: null,
  },
}
