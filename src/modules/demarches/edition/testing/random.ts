/** Random démarches and random changes of them, for the property tests only. */
import fc from 'fast-check'
import type { definitions, Etape, Parametre } from '../../../formulaires/index.ts'
import { anyFormulaire } from '../../../formulaires/testing/random.ts'
import type { Modele } from '../../index.ts'
import { modeles } from '../../livre.ts'

type Champ = definitions.Champ

const parametres: Parametre[] = [
  { id: 'seuil', type: 'entier', libelle: 'Seuil', min: 0, max: 10, defaut: 3 },
  { id: 'prix', type: 'montant', libelle: 'Prix', defaut: 450 },
  {
    id: 'tarifs',
    type: 'bareme',
    libelle: 'Tarifs',
    defaut: [
      { jusqua: 10, montant: 100 },
      { jusqua: null, montant: 200 },
    ],
  },
]

/** A démarche of a sound shape, shipped or drawn. */
export const anyModele: fc.Arbitrary<Modele> = fc.oneof(
  fc.constantFrom(...modeles),
  fc.tuple(anyFormulaire, fc.constantFrom(...modeles), fc.nat(4)).map(([formulaire, modele, kept]): Modele => {
    const settings = kept === 4 ? {} : { parametres: parametres.slice(0, kept) }
    return { ...modele, formulaire: { ...formulaire, ...settings } }
  }),
)

/** One change: which one, and what draws its place. */
interface Tirage {
  readonly geste: number
  readonly ou: number
  readonly quoi: number
}

const tirage = fc.record({ geste: fc.nat(999), ou: fc.nat(999), quoi: fc.nat(6) })

/** A démarche changed at random, `max` times at most. */
export const changed = (modele: Modele, max = 8): fc.Arbitrary<Modele> =>
  fc.array(tirage, { maxLength: max }).map(all => all.reduce(change, modele))

const pick = <T>(list: readonly T[], at: number): T | undefined => list[at % Math.max(1, list.length)]

/** Does one change; nothing where it would leave an unsound shape. */
export function change(modele: Modele, { geste, ou, quoi }: Tirage): Modele {
  const copie = structuredClone(modele) as Ouvert
  gestes[geste % gestes.length]?.(copie, ou, quoi)
  return copie as Modele
}

type Ouvert = { -readonly [K in keyof Modele]: Modele[K] } & Record<string, unknown>
type Geste = (modele: Ouvert, ou: number, quoi: number) => void

const libre = (modele: Ouvert, prefix: string, quoi: number): string | undefined => {
  const id = `${prefix}${quoi}`
  const isTaken = modele.formulaire.etapes.some(etape => etape.id === id || etape.champs.some(champ => champ.id === id))
  return isTaken ? undefined : id
}
const etapeAt = (modele: Ouvert, ou: number): Etape => pick(modele.formulaire.etapes, ou)!
const champAt = (modele: Ouvert, ou: number): Champ =>
  pick(
    modele.formulaire.etapes.flatMap(({ champs }) => champs),
    ou,
  )!
const takeAt = <T>(list: T[], at: number): T => list.splice(at % list.length, 1)[0]!

const neuf = (id: string, quoi: number): Champ =>
  quoi % 2 === 0
    ? { id, type: 'texte', libelle: `Nouveau ${quoi}` }
    : {
        id,
        type: 'choix',
        libelle: `Choix ${quoi}`,
        options: [
          { id: 'a', libelle: 'A' },
          { id: `b${quoi}`, libelle: 'B' },
        ],
      }

const gestes: readonly Geste[] = [
  (modele, _, quoi) => void Object.assign(modele, { titre: `Titre ${quoi}` }),
  (modele, _, quoi) => void Object.assign(modele.silence, { mois: quoi + 1 }),
  (modele, ou, quoi) => void modele.pieces.splice(ou % (modele.pieces.length + 1), quoi % 2, `Pièce ${quoi}`),
  (modele, ou) => void modele.decision.texteRefus.splice(ou % modele.decision.texteRefus.length, 1, `Refus ${ou}`),
  (modele, ou, quoi) => void Object.assign(champAt(modele, ou), { libelle: `Libellé ${quoi}` }),
  (modele, ou, quoi) => {
    if (quoi === 0) delete champAt(modele, ou).aide
    else Object.assign(champAt(modele, ou), { aide: `Aide ${quoi}` })
  },
  (modele, ou) => void Object.assign(champAt(modele, ou), { obligatoire: ou % 2 === 0 }),
  (modele, ou) =>
    void Object.assign(champAt(modele, ou), { visibleSi: { op: 'est_vide', termes: [{ champ: champAt(modele, ou + 1).id }] } }),
  (modele, ou, quoi) => void Object.assign(etapeAt(modele, ou), { titre: `Étape ${quoi}` }),
  (modele, ou, quoi) => {
    const nom = { singulier: 'ligne', pluriel: 'lignes' }
    Object.assign(etapeAt(modele, ou), { repetition: { min: 0, max: quoi + 1, nom, titreLigne: 'Ligne' } })
  },
  (modele, ou, quoi) => {
    const id = libre(modele, 'neuf', quoi)
    const { champs } = etapeAt(modele, ou)
    if (id) champs.splice(ou % (champs.length + 1), 0, neuf(id, ou))
  },
  (modele, ou) => {
    const { champs } = etapeAt(modele, ou)
    if (champs.length > 1) takeAt(champs, ou)
  },
  (modele, ou, quoi) => {
    const [from, to] = [etapeAt(modele, ou), etapeAt(modele, ou + quoi)]
    if (from.champs.length > 1 || from === to) to.champs.splice(quoi, 0, takeAt(from.champs, ou))
  },
  (modele, ou, quoi) => {
    const id = libre(modele, 'etape', quoi)
    const champ = libre(modele, 'dans', quoi)
    const { etapes } = modele.formulaire
    if (id && champ) etapes.splice(ou % (etapes.length + 1), 0, { id, titre: `Ajoutée ${quoi}`, champs: [neuf(champ, quoi)] })
  },
  (modele, ou) => {
    const { etapes } = modele.formulaire
    if (etapes.length > 1) takeAt(etapes, ou)
  },
  (modele, ou) => {
    // An étape gives all its questions to its neighbour.
    const { etapes } = modele.formulaire
    if (etapes.length > 1) etapeAt(modele, ou).champs.push(...takeAt(etapes, ou).champs)
  },
  (modele, ou, quoi) => {
    const { etapes } = modele.formulaire
    etapes.splice(quoi % etapes.length, 0, takeAt(etapes, ou))
  },
  (modele, ou, quoi) => {
    const champ = champAt(modele, ou)
    if (!('options' in champ)) return
    const options = champ.options as { id: string; libelle: string }[]
    if (quoi === 0 && options.length > 1) takeAt(options, ou)
    else if (quoi === 1) options.unshift(takeAt(options, ou))
    else if (quoi < 4) options[ou % options.length]!.libelle = `Option ${quoi}`
    else if (!options.some(({ id }) => id === `o${quoi}`))
      options.splice(ou % options.length, 0, { id: `o${quoi}`, libelle: 'O', ...('options' in options[0]! ? { options: [] } : {}) })
  },
  (modele, ou, quoi) => {
    const champ = champAt(modele, ou) as unknown as Record<string, unknown>
    for (const key of Object.keys(champ)) if (!['id', 'libelle', 'aide'].includes(key)) delete champ[key]
    Object.assign(
      champ,
      quoi % 2 === 0 ? { type: 'texte', longueurMax: quoi + 1 } : { ...neuf('x', 1), id: champ.id, libelle: champ.libelle },
    )
  },
  (modele, ou, quoi) => {
    const champ = champAt(modele, ou)
    if (champ.type === 'texte' || champ.type === 'texte_long') champ.longueurMax = 10 + quoi
  },
  (modele, ou, quoi) => {
    const found = pick(modele.formulaire.parametres ?? [], ou)
    if (found?.type === 'montant') found.defaut = quoi * 100
    else if (found) found.libelle = `Réglage ${quoi}`
  },
  (modele, ou, quoi) => {
    modele.formulaire.parametres ??= []
    const list = modele.formulaire.parametres
    if (quoi < 2 && list.length > 0) takeAt(list, ou)
    else if (!list.some(({ id }) => id === `p${quoi}`))
      list.unshift(
        ou % 2 === 0
          ? { id: `p${quoi}`, type: 'montant', libelle: 'Prix', defaut: ou }
          : { id: `p${quoi}`, type: 'texte', libelle: 'Nom', defaut: '' },
      )
  },
]
