import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { definitions } from '../../formulaires/index.ts'
import { schemaModele } from '../demarche.ts'
import { checkModele, type Modele } from '../index.ts'
import { modeles } from '../livre.ts'
import { identifiants, operer, referencesA, repetitionParDefaut } from './index.ts'
import type { Fait, Operation } from './operations.ts'
import { anyModele } from './testing/random.ts'

const cantine: Modele = modeles.find(({ id }) => id === 'restauration-scolaire') ?? assert.fail()
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')
const types = Object.keys(definitions.types)

function done(modele: Modele, operation: Operation, reserves: Iterable<string> = []): Extract<Fait, { ok: true }> {
  const fait = operer(modele, operation, reserves)
  assert.ok(fait.ok, fait.ok ? '' : `${JSON.stringify(operation)}: ${fait.message}`)
  return fait
}
const refused = (operation: Operation, pattern: RegExp, modele = cantine) => {
  const fait = operer(modele, operation)
  assert.ok(!fait.ok, JSON.stringify(operation))
  assert.match(plain(fait.message), pattern)
}
const champ = ({ formulaire }: Modele, id: string) => definitions.indexDe(formulaire).champs.get(id)?.champ

describe('the gestures of the editor', () => {
  for (const type of types)
    it(`adds a field of type ${type} that may be published`, () => {
      const { modele, phrase, element } = done(cantine, { op: 'ajouterChamp', etape: 'responsable', type })
      assert.deepEqual(checkModele(modele), [])
      assert.ok(element?.startsWith('champs/'))
      assert.match(plain(phrase), /^(La question|Le texte) « .+ » est ajoutée? à l’étape « Vous »\.$/)
    })

  it('says what it did', () => {
    const said: [Operation, string][] = [
      [
        { op: 'modifier', element: 'champs/enfantNaissance', proprietes: { aide: 'Comme 1 2 2019.' } },
        'Le texte d’aide de « Date de naissance » change : « Comme 1 2 2019. » au lieu de « Par exemple, 27 3 2019. ».',
      ],
      [
        { op: 'modifier', element: 'champs/ecole', proprietes: { libelle: 'École de l’enfant' } },
        'La question « École » devient « École de l’enfant ».',
      ],
      [{ op: 'modifier', element: 'champs/ecole', proprietes: { obligatoire: false } }, 'La question « École » devient facultative.'],
      [
        { op: 'modifier', element: 'champs/pai', proprietes: { visibleSi: null } },
        'La question « Projet d’accueil individualisé (PAI) » est toujours montrée, sans condition (avant : si « L’enfant a-t-il une allergie alimentaire ? » est Oui).',
      ],
      [
        { op: 'modifier', element: 'parametres/tarifMaximum', proprietes: { defaut: 450 } },
        'Le réglage « Prix du repas sans quotient connu » change : 4,50 € au lieu de 4,20 €.',
      ],
      [{ op: 'modifier', element: '', proprietes: { 'silence.mois': 3 } }, 'Le délai du silence change : 3 mois au lieu de 2 mois.'],
      [
        { op: 'deplacer', element: 'champs/ecole', sens: 'haut' },
        'La question « École » est déplacée après la question « Nom de l’enfant ».',
      ],
      [
        { op: 'changerEtape', element: 'champs/telephone', etape: 'prix' },
        'La question « Votre téléphone » passe de l’étape « Vous » à l’étape « Le prix et votre accord ».',
      ],
      [{ op: 'supprimer', element: 'etapes/debutRepas' }, 'L’étape « Le début des repas » est retirée.'],
      [
        { op: 'ajouterOption', liste: 'champs/classe/options', libelle: 'CM3' },
        'La réponse « CM3 » de « Classe à la rentrée ou en cours d’année » est ajoutée.',
      ],
      [{ op: 'modifier', element: 'champs/ecole', proprietes: { libelle: 'École' } }, 'Rien n’a changé.'],
    ]
    for (const [operation, sentence] of said) assert.equal(plain(done(cantine, operation).phrase), sentence)
  })

  it('never gives an id in use or formerly used', () => {
    const first = done(cantine, { op: 'ajouterChamp', etape: 'responsable', type: 'texte', libelle: 'École' })
    assert.equal(first.element, 'champs/ecole2')
    const again = done(cantine, { op: 'ajouterChamp', etape: 'responsable', type: 'texte', libelle: 'École' }, identifiants(first.modele))
    assert.equal(again.element, 'champs/ecole3')
    const option = done(cantine, { op: 'ajouterOption', liste: 'champs/classe/options', libelle: 'CP' }, ['champs/classe/options/cp_2'])
    assert.equal(option.element, 'champs/classe/options/cp_3')
    const digits = done(cantine, { op: 'ajouterChamp', etape: 'responsable', type: 'texte', libelle: '1er œuvre d’art, à l’École ?' })
    assert.equal(digits.element, 'champs/q1erOeuvreDArtAL')
  })

  it('copies an étape with new ids, its conditions following', () => {
    const { modele, element } = done(cantine, { op: 'dupliquer', element: 'etapes/enfants' })
    const copy = modele.formulaire.etapes[2]
    assert.equal(element, `etapes/${copy?.id}`)
    assert.deepEqual(checkModele(modele), [])
    assert.equal(copy?.repetition?.titreLigne, '{prenomDeLEnfant} {nomDeLEnfant}')
    assert.match(JSON.stringify(copy), /"champ":"lEnfantATIlUne/)
    assert.equal(new Set(identifiants(modele)).size, identifiants(modele).length)
  })

  it('tells what would break', () => {
    const phrases = (element: string) => referencesA(cantine, element).map(({ phrase }) => plain(phrase))
    assert.deepEqual(phrases('champs/allergie'), ['la condition d’affichage de la question « Projet d’accueil individualisé (PAI) »'])
    assert.deepEqual(phrases('champs/responsableNom'), ['les coordonnées du demandeur'])
    assert.deepEqual(phrases('champs/enfantNom'), ['le titre des lignes de l’étape « Les enfants à inscrire »'])
    assert.ok(phrases('champs/prixRepas').includes('le texte de la décision'))
    assert.ok(phrases('parametres/tarifs').includes('le calcul de la question « Prix d’un repas »'))
    assert.deepEqual(phrases('etapes/enfants'), ['le calcul de la question « Nombre de repas par semaine »'])
    assert.deepEqual(phrases('champs/ecole'), [])
    const { modele } = done(cantine, {
      op: 'modifier',
      element: 'champs/ecole',
      proprietes: { visibleSi: { op: '=', termes: [{ champ: 'classe' }, { constante: 'cp' }] } },
    })
    assert.deepEqual(referencesA(modele, 'champs/classe/options/cp').length, 1)
    assert.deepEqual(referencesA(modele, 'champs/classe/options/ce1'), [])
  })

  it('refuses what would not be a démarche any more, and names the place', () => {
    refused({ op: 'supprimer', element: 'champs/debut' }, /^C’est la seule question de l’étape « Le début des repas »/)
    refused({ op: 'changerEtape', element: 'champs/debut', etape: 'prix' }, /seule question/)
    refused({ op: 'deplacer', element: 'etapes/responsable', sens: 'haut' }, /^L’étape « Vous » est déjà en haut\.$/)
    refused({ op: 'modifier', element: 'champs/ecole', proprietes: { libelle: '' } }, /^Question « {2}»|^Question/)
    refused(
      { op: 'modifier', element: 'champs/ecole', proprietes: { aide: '<b>gras</b>' } },
      /^Question « École » : texte d’aide, texte simple attendu, sans balise\.$/,
    )
    refused({ op: 'modifier', element: 'champs/ecole', proprietes: { surprise: true } }, /« surprise » n’existe pas ici/)
    refused({ op: 'modifier', element: 'champs/ecole', proprietes: { longueurMax: 9999 } }, /500 au plus/)
    refused({ op: 'modifier', element: '', proprietes: { conservationMois: 70 } }, /^Démarche : durée de conservation, 60 au plus\.$/)
    refused({ op: 'modifier', element: 'champs/ecole', proprietes: { id: 'autre' } }, /ne change pas/)
    refused({ op: 'ajouterChamp', etape: 'prix', type: 'constructor' }, /n’existe pas/)
    refused({ op: 'supprimer', element: 'champs/inconnu' }, /n’existe plus/)
    refused({ op: 'supprimer', element: '' }, /ne se déplace/)
  })

  it('changes a type, keeping what goes with both', () => {
    const { modele } = done(cantine, { op: 'changerType', element: 'champs/classe', type: 'choix_multiple' })
    assert.deepEqual(champ(modele, 'classe'), { ...champ(cantine, 'classe'), type: 'choix_multiple' })
    for (const type of types)
      assert.equal(champ(done(cantine, { op: 'changerType', element: 'champs/pai', type }).modele, 'pai')?.type, type)
  })

  it('makes an étape repeat', () => {
    const { modele } = done(cantine, { op: 'modifier', element: 'etapes/debutRepas', proprietes: { repetition: repetitionParDefaut } })
    assert.deepEqual(modele.formulaire.etapes[2]?.repetition, repetitionParDefaut)
  })

  it('any gestures one after another keep a sound shape or are refused in French', () =>
    fc.assert(
      fc.property(anyModele, fc.array(fc.tuple(fc.nat(9), fc.nat(999), fc.nat(999)), { minLength: 1, maxLength: 10 }), (start, draws) => {
        let modele = start
        for (const [kind, a, b] of draws) {
          const fait = operer(modele, draw(modele, kind, a, b), ['a', 'b'])
          if (!fait.ok) assert.match(fait.message, /^[\p{Lu}«].*\.$/u)
          else {
            assert.deepEqual(schemaModele.safeParse(fait.modele).error?.issues ?? [], [])
            modele = fait.modele
          }
        }
        assert.equal(new Set(identifiants(modele)).size, identifiants(modele).length)
      }),
      { numRuns: 200 },
    ))
})

function draw(modele: Modele, kind: number, a: number, b: number): Operation {
  const { etapes } = modele.formulaire
  const paths = [
    ...etapes.flatMap(({ id, champs }) => [`etapes/${id}`, ...champs.map(one => `champs/${one.id}`)]),
    ...champsAChoix(modele).map(id => `champs/${id}/options/a`),
    '',
    'champs/inconnu',
  ]
  const element = paths[a % paths.length]!
  const etape = etapes[b % etapes.length]!.id
  const operations: Operation[] = [
    { op: 'ajouterChamp', etape, type: types[a % types.length]!, apres: null },
    { op: 'ajouterEtape' },
    { op: 'ajouterOption', liste: `champs/${champsAChoix(modele)[0] ?? 'x'}/options` },
    { op: 'ajouterParametre', parametre: { type: 'montant', libelle: `Prix ${a}`, defaut: b } },
    { op: 'dupliquer', element },
    { op: 'supprimer', element },
    { op: 'deplacer', element, sens: b % 2 === 0 ? 'haut' : 'bas' },
    { op: 'changerEtape', element, etape },
    { op: 'changerType', element, type: types[b % types.length]! },
    { op: 'modifier', element, proprietes: { libelle: `L${b}`, obligatoire: b % 2 === 0 } },
  ]
  return operations[kind % operations.length]!
}

const champsAChoix = ({ formulaire }: Modele): string[] =>
  formulaire.etapes.flatMap(({ champs }) => champs.flatMap(one => ('options' in one ? [one.id] : [])))
