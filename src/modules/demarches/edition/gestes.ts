import { definitions } from '../../formulaires/index.ts'
import type { Modele } from '../demarche.ts'
import { champNeuf, changerDeType } from './champ-neuf.ts'
import { detach, insert, retirer } from './differences.ts'
import { nouvelId, nouvelIdDOption } from './identifiants.ts'
import { idDe, listeDe, type Normale, objetDe, putObjet, takeOut } from './normal-form.ts'
import type { Operation } from './operations.ts'
import { nomDe } from './phrases.ts'
import { renommer } from './references.ts'

type Objet = Readonly<Record<string, unknown>>

type Refus = { readonly refus: string }
const refus = (sentence: string): Refus => ({ refus: sentence })
const absent = refus('Cet élément n’existe plus. Rechargez la page.')

/** Does it on the flat form: the path of what was made, '' when nothing was, or why it cannot be done. */
export function faire(normale: Normale, operation: Operation, taken: ReadonlySet<string>, modele: Modele): string | Refus {
  if (operation.op === 'ajouterChamp') return ajouterChamp(normale, operation, taken)
  if (operation.op === 'ajouterEtape') return ajouterEtape(normale, operation, taken)
  if (operation.op === 'ajouterOption') return ajouterOption(normale, operation, taken)
  if (operation.op === 'ajouterParametre') return ajouterParametre(normale, operation.parametre, taken)
  if (!normale.elements.has(operation.element)) return absent
  if (operation.op === 'modifier') return modifier(normale, operation.element, operation.proprietes)
  if (operation.element === '') return refus('La démarche elle-même ne se déplace ni ne se supprime ici.')
  if (operation.op === 'dupliquer') return dupliquer(normale, operation.element, taken)
  if (operation.op === 'supprimer') return supprimer(normale, operation.element, modele)
  if (operation.op === 'deplacer') return deplacer(normale, operation.element, operation.sens, modele)
  if (operation.op === 'changerEtape') return changerEtape(normale, operation, modele)
  return changerType(normale, operation)
}

function place(normale: Normale, liste: string, id: string, apres: string | null | undefined): void {
  const ids = normale.listes.get(liste) ?? []
  insert(normale, { liste, apres: apres === undefined ? ids.toReversed() : apres === null ? [] : [apres, ...ids.toReversed()] }, id)
}

function ajouterChamp(
  normale: Normale,
  { etape, type, libelle, apres, proprietes }: Extract<Operation, { op: 'ajouterChamp' }>,
  taken: ReadonlySet<string>,
) {
  if (!normale.elements.has(`etapes/${etape}`)) return absent
  const known = Object.hasOwn(definitions.types, type) ? definitions.types[type as definitions.NomDeType] : undefined
  if (!known) return refus('Ce type de question n’existe pas.')
  const label = libelle?.trim() || known.nom
  const id = nouvelId(label, taken)
  const champ = champNeuf(type, id, label, { ...proprietes })
  if (!champ) return refus(`« ${known.nom} » ne peut pas être ajouté ainsi : vérifiez son libellé.`)
  putObjet(normale, `champs/${id}`, champ, etape)
  place(normale, `etapes/${etape}/champs`, id, apres)
  return `champs/${id}`
}

function ajouterEtape(normale: Normale, { titre, apres }: Extract<Operation, { op: 'ajouterEtape' }>, taken: ReadonlySet<string>) {
  const label = titre?.trim() || 'Nouvelle étape'
  const id = nouvelId(label, taken)
  normale.elements.set(`etapes/${id}`, new Map([['titre', label]]))
  place(normale, 'etapes', id, apres)
  // An étape has a question at least: one to be changed.
  const champ = nouvelId('Nouvelle question', new Set([...taken, id]))
  putObjet(normale, `champs/${champ}`, { id: champ, type: 'texte', libelle: 'Nouvelle question' }, id)
  normale.listes.set(`etapes/${id}/champs`, [champ])
  return `etapes/${id}`
}

function ajouterOption(normale: Normale, { liste, libelle }: Extract<Operation, { op: 'ajouterOption' }>, taken: ReadonlySet<string>) {
  const owner = liste.slice(0, liste.lastIndexOf('/'))
  if (!owner.startsWith('champs/') || !normale.elements.has(owner)) return absent
  const label = libelle?.trim() || `Choix ${(normale.listes.get(liste)?.length ?? 0) + 1}`
  const id = nouvelIdDOption(label, liste, taken)
  // An option of linked choices has a list of its own, which may be empty.
  const sister = normale.listes.get(liste)?.[0]
  const hasOwnList = sister !== undefined && 'options' in objetDe(normale, `${liste}/${sister}`)
  putObjet(normale, `${liste}/${id}`, { libelle: label, ...(hasOwnList ? { options: [] } : {}) })
  place(normale, liste, id, undefined)
  return `${liste}/${id}`
}

function ajouterParametre(normale: Normale, parametre: Objet, taken: ReadonlySet<string>) {
  const label = typeof parametre.libelle === 'string' ? parametre.libelle.trim() : ''
  if (label === '') return refus('Donnez un nom à ce réglage.')
  const id = nouvelId(label, taken)
  putObjet(normale, `parametres/${id}`, { ...parametre, libelle: label })
  place(normale, 'parametres', id, undefined)
  return `parametres/${id}`
}

function modifier(normale: Normale, element: string, proprietes: Objet) {
  const properties = normale.elements.get(element)!
  for (const [name, value] of Object.entries(proprietes)) {
    if (name === 'id' || name === 'etape' || (element === '' && name === 'version'))
      return refus('L’identifiant d’un élément ne change pas.')
    if (normale.listes.has(`${element}/${name}`)) return refus('Les réponses proposées se changent une par une.')
    if (value === null || value === undefined) properties.delete(name)
    else properties.set(name, value)
  }
  return element
}

function dupliquer(normale: Normale, element: string, taken: ReadonlySet<string>): string | Refus {
  const liste = listeDe(normale, element)
  const copied = objetDe(normale, element)
  const label = String(copied.libelle ?? copied.titre ?? '')
  if (!element.startsWith('champs/') && !element.startsWith('etapes/'))
    return refus('Seules une question, une étape ou une réponse se dupliquent.')
  if (element.split('/').length > 2) {
    const id = nouvelIdDOption(label, liste, taken)
    putObjet(normale, `${liste}/${id}`, copied)
    place(normale, liste, id, idDe(element))
    return `${liste}/${id}`
  }
  const fields = element.startsWith('etapes/') ? (normale.listes.get(`${element}/champs`) ?? []) : []
  const ids = new Map<string, string>()
  for (const [id, name] of [
    [idDe(element), label],
    ...fields.map(id => [id, String(normale.elements.get(`champs/${id}`)?.get('libelle'))]),
  ] as [string, string][])
    ids.set(id, nouvelId(name, new Set([...taken, ...ids.values()])))
  const id = ids.get(idDe(element))!
  const kind = element.slice(0, element.indexOf('/'))
  const etape = kind === 'champs' ? String(normale.elements.get(element)?.get('etape')) : undefined
  putObjet(normale, `${kind}/${id}`, renommer(copied, ids), etape)
  for (const field of fields) putObjet(normale, `champs/${ids.get(field)}`, renommer(objetDe(normale, `champs/${field}`), ids), id)
  if (kind === 'etapes')
    normale.listes.set(
      `etapes/${id}/champs`,
      fields.map(field => ids.get(field)!),
    )
  place(normale, liste, id, idDe(element))
  return `${kind}/${id}`
}

function supprimer(normale: Normale, element: string, modele: Modele): string | Refus {
  const liste = listeDe(normale, element)
  const isLast = normale.listes.get(liste)?.length === 1
  if (isLast && liste === 'etapes') return refus('Une démarche garde une étape au moins.')
  if (isLast && liste.startsWith('etapes/'))
    return refus(`${seule(nomDe(liste.slice(0, -'/champs'.length), modele))} Supprimez l’étape, ou ajoutez d’abord une autre question.`)
  if (isLast && liste.startsWith('champs/') && liste.split('/').length === 3)
    return refus('Une question à choix garde une réponse au moins.')
  for (const champ of normale.listes.get(`${element}/champs`) ?? []) takeOut(normale, `champs/${champ}`)
  retirer(normale, element)
  // The last sub-option leaves an empty list, which linked choices allow.
  if (isLast && liste.startsWith('champs/')) normale.elements.get(liste.slice(0, liste.lastIndexOf('/')))?.set('options', [])
  return ''
}

const seule = (etape: string): string => `C’est la seule question de ${etape}.`

function deplacer(normale: Normale, element: string, sens: 'haut' | 'bas', modele: Modele): string | Refus {
  const liste = listeDe(normale, element)
  const ids = [...(normale.listes.get(liste) ?? [])]
  const from = ids.indexOf(idDe(element))
  const to = sens === 'haut' ? from - 1 : from + 1
  const name = nomDe(element, modele)
  const Name = name.charAt(0).toUpperCase() + name.slice(1)
  if (to < 0) return refus(`${Name} est déjà en haut.`)
  if (to >= ids.length) return refus(`${Name} est déjà en bas.`)
  ;[ids[from], ids[to]] = [ids[to]!, ids[from]!]
  normale.listes.set(liste, ids)
  return element
}

function changerEtape(
  normale: Normale,
  { element, etape, apres }: Extract<Operation, { op: 'changerEtape' }>,
  modele: Modele,
): string | Refus {
  if (!element.startsWith('champs/') || element.split('/').length !== 2) return refus('Seule une question change d’étape.')
  if (!normale.elements.has(`etapes/${etape}`)) return absent
  const from = listeDe(normale, element)
  if (from !== `etapes/${etape}/champs` && normale.listes.get(from)?.length === 1)
    return refus(`${seule(nomDe(from.slice(0, -'/champs'.length), modele))} Ajoutez-y d’abord une autre question.`)
  detach(normale, element)
  normale.elements.get(element)?.set('etape', etape)
  place(normale, `etapes/${etape}/champs`, idDe(element), apres)
  return element
}

function changerType(normale: Normale, { element, type }: Extract<Operation, { op: 'changerType' }>): string | Refus {
  if (!element.startsWith('champs/') || element.split('/').length !== 2) return refus('Seule une question change de type.')
  const champ = changerDeType({ ...objetDe(normale, element) }, type)
  if (!champ) return refus('Cette question ne peut pas prendre ce type.')
  const etape = String(normale.elements.get(element)?.get('etape'))
  takeOut(normale, element)
  putObjet(normale, element, champ, etape)
  return element
}
