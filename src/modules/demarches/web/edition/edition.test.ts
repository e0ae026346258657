import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Form } from '../../../../platform/http/form.ts'
import { definitions, type Expression } from '../../../formulaires/index.ts'
import { modeles } from '../../catalogue.ts'
import type { Modele } from '../../demarche.ts'
import { demarcheVierge } from '../../demarche-vierge.ts'
import { differences, type Operation, operer, sujetsDe } from '../../edition/index.ts'
import { direBorne, lireBorne } from './borne.ts'
import { groupesDeTypes } from './catalogue-des-types.ts'
import { etatDe, lireCondition } from './condition.ts'
import { controlesDe } from './controles.ts'
import { direEdition, enVigueur, sorteDe, suivants } from './histoire.ts'
import { changerChamp } from './lire-champ.ts'
import { changerReglages, direReglage, lireReglage } from './reglages.ts'
import { enSomme, lireSomme } from './somme.ts'
import { boiteDe, changerTextes, sections, texteDe } from './textes.ts'

const avec = (modele: Modele, ...operations: Operation[]): Modele =>
  operations.reduce((current, operation) => {
    const fait = operer(current, operation)
    assert.ok(fait.ok, fait.ok ? '' : fait.message)
    return fait.modele
  }, modele)

const champDe = (modele: Modele, id: string) => definitions.indexDe(modele.formulaire).champs.get(id)!.champ

describe('the history of a working copy', () => {
  const edition = (rang: number, annule: number | null, phrase = `fait ${rang}`) => ({
    rang,
    annule,
    phrase,
    auteurId: null,
    le: new Date(0),
  })

  it('undoes the last change in force, and does again what was undone last', () => {
    const editions = [edition(2, null), edition(1, null), edition(0, null)]
    assert.deepEqual(suivants(editions), { annuler: 2, retablir: undefined })
    assert.deepEqual(suivants([edition(3, 2), ...editions]), { annuler: 1, retablir: 3 })
    assert.deepEqual(suivants([edition(4, 1), edition(3, 2), ...editions]), { annuler: undefined, retablir: 4 })
    assert.deepEqual(suivants([edition(4, 3), edition(3, 2), ...editions]), { annuler: 4, retablir: undefined })
  })

  it('has nothing to do again once something else was changed', () => {
    assert.deepEqual(suivants([edition(3, null), edition(2, 1), edition(1, null), edition(0, null)]), { annuler: 3, retablir: undefined })
  })

  it('says a change once, however often it was undone and done again', () => {
    const editions = [edition(3, 2, 'Rétabli : Annulé : fait 1'), edition(2, 1, 'Annulé : fait 1'), edition(1, null)]
    assert.deepEqual(
      editions.map(one => direEdition(one, editions)),
      ['Rétabli : fait 1', 'Annulé : fait 1', 'fait 1'],
    )
    const more = [edition(4, 3, 'Rétabli : Rétabli : fait 1'), ...editions]
    assert.equal(sorteDe(more[0]!, more), 'annule')
    assert.deepEqual([...enVigueur(more)].sort(), [2, 4])
  })
})

describe('a bound', () => {
  it('is read as it is told', () => {
    const cases: readonly (readonly [string, 'date' | 'nombre' | 'montant', Expression])[] = [
      ['aujourd’hui', 'date', { aujourdhui: true }],
      ['aujourd’hui + 30 jours', 'date', { op: 'plus_jours', termes: [{ aujourdhui: true }, { constante: 30 }] }],
      ['aujourd’hui - 18 ans', 'date', { op: 'moins_annees', termes: [{ aujourdhui: true }, { constante: 18 }] }],
      ['27/03/2026', 'date', { date: '2026-03-27' }],
      ['1200,5', 'nombre', { constante: 1200.5 }],
      ['4,2', 'montant', { montant: 420 }],
    ]
    for (const [typed, nature, expression] of cases) {
      assert.deepEqual(lireBorne(typed, nature), expression)
      assert.equal(direBorne(expression), typed)
    }
    assert.deepEqual(lireBorne("Aujourd'hui plus 1 mois", 'date'), { op: 'plus_mois', termes: [{ aujourdhui: true }, { constante: 1 }] })
    assert.equal(lireBorne('', 'date'), null)
  })

  it('that cannot be read gets a sentence', () => {
    for (const [typed, nature] of [
      ['dans longtemps', 'date'],
      ['aujourd’hui + 3 lunes', 'date'],
      ['31/02/2026', 'date'],
      ['beaucoup', 'nombre'],
      ['=1+1', 'montant'],
    ] as const) {
      const read = lireBorne(typed, nature)
      assert.ok(read && 'erreur' in read && read.erreur.length > 10, typed)
    }
  })

  it('never throws, whatever is typed', () => {
    fc.assert(fc.property(fc.string(), fc.constantFrom('date', 'nombre', 'montant'), (typed, nature) => void lireBorne(typed, nature)))
  })
})

describe('a computed value', () => {
  it('of the templates that lines can tell comes back whole', () => {
    let told = 0
    for (const { formulaire } of modeles)
      for (const { champs } of formulaire.etapes)
        for (const champ of champs) {
          const lignes = champ.type === 'calcul' ? enSomme(champ.expression) : null
          if (!lignes || champ.type !== 'calcul') continue
          const read = lireSomme(lignes)
          assert.ok(read.ok)
          const again = enSomme(read.expression)
          assert.deepEqual(again, lignes, champ.id)
          told++
        }
    assert.ok(told >= 3, `${told} told`)
  })

  it('refuses what is not in its list, and a number that is not one', () => {
    for (const ligne of [
      { a: 'champ:__proto__', b: '', nombre: '' },
      { a: 'rien:x', b: '', nombre: '' },
      { a: '', b: '', nombre: 'douze' },
    ])
      assert.equal(lireSomme([ligne]).ok, false, JSON.stringify(ligne))
    assert.equal(lireSomme([]).ok, false)
  })
})

describe('a condition', () => {
  const modele = avec(demarcheVierge('Essai'), { op: 'ajouterChamp', etape: 'demande', type: 'choix', libelle: 'Usage' })
  const { formulaire } = modele
  const lire = (fields: Record<string, string>, before?: Expression) =>
    lireCondition(new Form(fields), 'C', etatDe(before, formulaire), formulaire)

  it('is read in the words of anybody', () => {
    assert.deepEqual(lire({ 'C-n-champ': 'usage', 'C-n-comparaison': 'est', 'C-n-valeur': 'choix 2' }), {
      ok: true,
      expression: { op: '=', termes: [{ champ: 'usage' }, { constante: 'choix_2' }] },
    })
    assert.deepEqual(lire({ 'C-mode': 'toujours' }), { ok: true, expression: null })
  })

  it('that says more than lines is left as it is, unless it is replaced', () => {
    const complex: Expression = { op: 'non', termes: [{ op: 'et', termes: [{ op: 'est_vide', termes: [{ champ: 'usage' }] }] }] }
    assert.deepEqual(lire({ 'C-mode': 'garder' }, complex), { ok: true, expression: undefined })
    assert.equal(etatDe(complex, formulaire).mode, 'garder')
    assert.equal(lire({ 'C-mode': 'si' }, complex).ok, false)
  })

  it('of every template that lines can tell comes back from its boxes', () => {
    let told = 0
    for (const { formulaire: form } of modeles)
      for (const { champ } of definitions.indexDe(form).champs.values()) {
        const etat = etatDe(champ.visibleSi, form)
        if (etat.mode !== 'si') continue
        const boxes = etat.lignes.flatMap((ligne, rank) =>
          Object.entries(ligne).map(([name, value]) => [`C-${rank}-${name}`, value] as const),
        )
        const fields = { 'C-mode': 'si', 'C-jonction': etat.jonction, ...Object.fromEntries(boxes) }
        assert.deepEqual(lireCondition(new Form(fields), 'C', etat, form), { ok: true, expression: champ.visibleSi }, champ.id)
        told++
      }
    assert.ok(told > 50, `${told} told`)
  })
})

describe('a question, from its page', () => {
  const neuf = () => {
    const modele = avec(demarcheVierge('Essai'), { op: 'ajouterChamp', etape: 'demande', type: 'choix', libelle: 'Usage' })
    return avec(modele, {
      op: 'ajouterChamp',
      etape: 'demande',
      type: 'texte',
      libelle: 'Suite',
      proprietes: { visibleSi: { op: '=', termes: [{ champ: 'usage' }, { constante: 'choix_1' }] } },
    })
  }
  const envoyer = (fields: Record<string, string>, modele = neuf(), id = 'usage') => changerChamp(modele, id, new Form(fields), [])

  it('keeps the id of an answer whose words change', () => {
    const fait = envoyer({ 'E-libelle': 'Usage', 'O-choix_1': 'La pelouse', 'O-choix_2': 'Choix 2', 'E-nouvelles': 'Le verger' })
    assert.ok(fait.ok)
    const champ = champDe(fait.modele, 'usage')
    assert.ok(champ.type === 'choix')
    assert.deepEqual(champ.options, [
      { id: 'choix_1', libelle: 'La pelouse' },
      { id: 'choix_2', libelle: 'Choix 2' },
      { id: 'le_verger', libelle: 'Le verger' },
    ])
  })

  it('removes an answer that a condition reads only when it is confirmed', () => {
    const fields = { 'E-libelle': 'Usage', 'O-choix_1': '', 'O-choix_2': 'Choix 2' }
    const refused = envoyer(fields)
    assert.ok(!refused.ok)
    assert.equal(refused.champ, 'O-choix_1')
    assert.ok(envoyer({ ...fields, 'E-confirmer': 'oui' }).ok)
  })

  it('renames a precision in place, or adds and removes', () => {
    const options = [
      {
        id: 'a',
        libelle: 'A',
        options: [
          { id: 'a1', libelle: 'A1' },
          { id: 'a2', libelle: 'A2' },
        ],
      },
    ]
    const modele = avec(demarcheVierge('Essai'), {
      op: 'ajouterChamp',
      etape: 'demande',
      type: 'choix_lies',
      libelle: 'Lieu',
      proprietes: { options },
    })
    const precisions = (text: string) => {
      const fait = envoyer({ 'E-libelle': 'Lieu', 'O-a': 'A', 'P-a': text }, modele, 'lieu')
      assert.ok(fait.ok, fait.ok ? '' : fait.message)
      const champ = champDe(fait.modele, 'lieu')
      assert.ok(champ.type === 'choix_lies')
      return champ.options[0]!.options.map(({ id }) => id)
    }
    assert.deepEqual(precisions('A1\nAutre'), ['a1', 'a2'])
    assert.deepEqual(precisions('A1'), ['a1'])
    assert.deepEqual(precisions('A1\nA2\nA3'), ['a1', 'a2', 'a3'])
  })

  it('sent as it is shown changes nothing, for every question of every template', () => {
    for (const modele of modeles)
      for (const { champ } of definitions.indexDe(modele.formulaire).champs.values()) {
        const fait = changerChamp(modele, champ.id, new Form(boitesDe(modele, champ)), [])
        assert.ok(fait.ok, `${modele.id}, ${champ.id}: ${fait.ok ? '' : fait.message}`)
        assert.deepEqual(differences(modele, fait.modele), [], `${modele.id}, ${champ.id}`)
      }
  })

  it('refuses what cannot be, with the box and a sentence', () => {
    for (const [fields, box] of [
      [{}, 'E-libelle'],
      [{ 'E-libelle': '<b>x</b>' }, 'E-libelle'],
      [{ 'E-libelle': 'x'.repeat(300) }, 'E-libelle'],
      [{ 'E-libelle': 'Usage', 'O-choix_1': '<script>', 'O-choix_2': 'b' }, 'O-choix_1'],
      [{ 'E-libelle': 'Usage', 'C-mode': 'si' }, 'C-n-champ'],
      [{ 'E-libelle': 'Usage', 'C-mode': 'si', 'C-0-champ': 'inconnu', 'C-0-comparaison': '=', 'C-0-valeur': '1' }, 'C-0-valeur'],
    ] as const) {
      const fait = envoyer(fields as Record<string, string>)
      assert.ok(!fait.ok, JSON.stringify(fields).slice(0, 80))
      assert.equal(fait.champ, box, fait.message)
    }
  })

  it('never throws, whatever the boxes say', () => {
    const names = [
      'E-libelle',
      'E-aide',
      'E-min',
      'E-nouvelles',
      'O-choix_1',
      'C-mode',
      'C-0-champ',
      'C-0-comparaison',
      'C-n-champ',
      'monter',
    ]
    const modele = neuf()
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.string(), fc.constantFrom('si', 'usage', 'objet', '='))), fields => {
        const fait = changerChamp(modele, 'usage', new Form(fields), [])
        assert.ok(fait.ok || fait.message.length > 3)
      }),
    )
  })
})

/** The boxes of a question as its page shows them. */
function boitesDe({ formulaire }: Modele, champ: definitions.Champ): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = { 'C-mode': etatDe(champ.visibleSi, formulaire).mode, 'E-obligatoire': 'oui' }
  const etat = etatDe(champ.visibleSi, formulaire)
  fields['C-jonction'] = etat.jonction
  for (const [rank, ligne] of etat.lignes.entries()) for (const [name, value] of Object.entries(ligne)) fields[`C-${rank}-${name}`] = value
  for (const [name, value] of Object.entries(champ)) {
    if (name === 'obligatoire') fields['E-obligatoire'] = value === false ? 'non' : 'oui'
    else if (name === 'min' || name === 'max') {
      const said = direBorne(value as Expression)
      if (said !== null) fields[`E-${name}`] = said
    } else if (name === 'verifier') fields['E-verifier'] = value ? 'oui' : 'non'
    else if (name === 'options')
      for (const option of value as { id: string; libelle: string; options?: { libelle: string }[] }[]) {
        fields[`O-${option.id}`] = option.libelle
        if (option.options) fields[`P-${option.id}`] = option.options.map(({ libelle }) => libelle).join('\n')
      }
    else if (typeof value === 'string' || typeof value === 'number') fields[`E-${name}`] = String(value)
    else if (Array.isArray(value)) fields[`E-${name}`] = name === 'sortes' ? value : value.join('\n')
  }
  if (champ.type === 'piece') fields['E-sortes'] ??= ['pdf', 'image']
  const lignes = champ.type === 'calcul' ? enSomme(champ.expression) : null
  for (const [rank, ligne] of (lignes ?? []).entries())
    for (const [name, value] of Object.entries(ligne)) fields[`S-${rank}-${name}`] = value
  return fields
}

describe('texts and settings, from their pages', () => {
  it('sent as they are shown change nothing, for every template', () => {
    for (const modele of modeles) {
      const textes = Object.fromEntries(sections.flatMap(([, all]) => all.map(texte => [boiteDe(texte.nom), texteDe(modele, texte)])))
      const fait = changerTextes(modele, new Form(textes), [])
      assert.ok(fait.ok, `${modele.id}: ${fait.ok ? '' : fait.message}`)
      assert.deepEqual(differences(modele, fait.modele), [], modele.id)
      const reglages = Object.fromEntries((modele.formulaire.parametres ?? []).map(one => [`G-${one.id}`, direReglage(one)]))
      const regle = changerReglages(modele, new Form(reglages), [])
      assert.ok(regle.ok, `${modele.id}: ${regle.ok ? '' : regle.message}`)
      assert.deepEqual(differences(modele, regle.modele), [], modele.id)
    }
  })

  it('count silence in days, then in months again', () => {
    const change = (modele: Modele, boxes: Record<string, string>) => {
      const fait = changerTextes(modele, new Form(boxes), [])
      assert.ok(fait.ok, fait.ok ? '' : fait.message)
      return fait
    }
    const enJours = change(demarcheVierge('Essai'), { 'T-silence-jours': '21', 'T-silence-reprise': 'continue' })
    assert.deepEqual([enJours.modele.silence.jours, enJours.modele.silence.reprise], [21, 'continue'])
    assert.match(enJours.phrase, /délai du silence, en jours/i)
    const enMois = change(enJours.modele, { 'T-silence-jours': '', 'T-silence-reprise': '' })
    assert.deepEqual(enMois.modele, demarcheVierge('Essai'))
  })

  it('say which box is wrong', () => {
    for (const [nom, value] of [
      ['silence.mois', 'deux'],
      ['silence.jours', 'vingt'],
      ['silence.reprise', 'parfois'],
      ['titre', ''],
      ['baseLegale', 'sans barre'],
      ['decision.texteRefus', '<img src=x>'],
      ['avisUrl', 'javascript:alert(1)'],
    ] as const) {
      const fait = changerTextes(demarcheVierge('Essai'), new Form({ [boiteDe(nom)]: value }), [])
      assert.ok(!fait.ok, nom)
      assert.equal(fait.champ, boiteDe(nom), fait.message)
    }
  })

  it('read a scale, and refuse one that has a hole', () => {
    assert.deepEqual(lireReglage('bareme', 'jusqu’à 450 : 3,20 €\n900 = 4\nau-delà : 5'), {
      valeur: [
        { jusqua: 450, montant: 320 },
        { jusqua: 900, montant: 400 },
        { jusqua: null, montant: 500 },
      ],
    })
    for (const typed of ['', '450 : 3', '900 : 3\n450 : 4\nau-delà : 5', 'au-delà : beaucoup', 'n’importe quoi'])
      assert.ok('erreur' in lireReglage('bareme', typed), typed)
  })
})

describe('the page of types', () => {
  it('proposes every type once', () => {
    const listed = groupesDeTypes().flatMap(({ types }) => types.map(({ nom }) => nom))
    assert.deepEqual(listed.toSorted(), Object.keys(definitions.types).toSorted())
  })

  it('makes questions on which a condition may bear, each with its page', () => {
    for (const { nom } of groupesDeTypes().flatMap(({ types }) => types)) {
      const modele = avec(demarcheVierge('Essai'), { op: 'ajouterChamp', etape: 'demande', type: nom, libelle: 'Neuve' })
      const champ = champDe(modele, 'neuve')
      assert.equal(sujetsDe(champ).length === 0, definitions.typeDe(champ).nature(champ) === null, nom)
      const fait = changerChamp(modele, 'neuve', new Form(boitesDe(modele, champ)), [])
      assert.ok(fait.ok, `${nom}: ${fait.ok ? '' : fait.message}`)
      assert.deepEqual(differences(modele, fait.modele), [], nom)
    }
  })
})

describe('what prevents publishing', () => {
  it('leads to its page, without an id in its words', () => {
    const modele = avec(demarcheVierge('Essai'), { op: 'ajouterChamp', etape: 'vous', type: 'texte', libelle: 'Avant', apres: null })
    const broken = avec(modele, {
      op: 'modifier',
      element: 'champs/avant',
      proprietes: { visibleSi: { op: 'n_est_pas_vide', termes: [{ champ: 'objet' }] } },
    })
    const [controle] = controlesDe(broken)
    assert.equal(controle?.chemin, '/champs/avant')
    assert.match(controle?.message ?? '', /Que demandez-vous/)
    const gone = controlesDe(
      avec(broken, { op: 'ajouterChamp', etape: 'demande', type: 'texte', libelle: 'Autre' }, { op: 'supprimer', element: 'champs/objet' }),
    )
    assert.match(gone[0]?.message ?? '', /n’existe plus/)
  })
})
