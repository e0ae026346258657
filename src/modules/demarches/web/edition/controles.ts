import { definitions } from '../../../formulaires/index.ts'
import { checkModele, type Modele } from '../../demarche.ts'

/** Something that prevents publishing, in words, with the page where it is put right. */
export interface Controle {
  readonly lieu: string
  readonly message: string
  /** Under the address of the editor: `/champs/ecole`. */
  readonly chemin: string
}

/** What prevents publishing a démarche, each with the way to its place; empty when it may be published. */
export const controlesDe = (modele: Modele): Controle[] =>
  checkModele(modele).map(({ lieu, message }) => ({ ...lieuDe(lieu, modele), message: enMots(message, modele) }))

function lieuDe(lieu: string, modele: Modele): Pick<Controle, 'lieu' | 'chemin'> {
  const { champs, etapes } = definitions.indexDe(modele.formulaire)
  const champ = champs.get(/champ «\s*(\w+)\s*»/.exec(lieu)?.[1] ?? '')?.champ
  if (champ) return { lieu: champ.libelle, chemin: `/champs/${champ.id}` }
  const etape = etapes.get(/étape «\s*(\w+)\s*»/.exec(lieu)?.[1] ?? '')
  if (etape) return { lieu: etape.titre, chemin: `/etapes/${etape.id}` }
  const parametre = modele.formulaire.parametres?.find(({ id }) => id === /^paramètre «\s*(\w+)/.exec(lieu)?.[1])
  if (parametre) return { lieu: parametre.libelle, chemin: '/reglages' }
  if (/^refus|^aiguillage/.test(lieu)) return { lieu: lieu.replace(/^refus/, 'Refus').replace(/^a/, 'A'), chemin: '/regles' }
  if (lieu.startsWith('demandeur')) return { lieu: 'Qui demande', chemin: '/regles' }
  if (/^formulaire/.test(lieu)) return { lieu: 'Les questions', chemin: '' }
  return { lieu: lieu === 'decision' ? 'Les textes de la décision' : 'Les textes', chemin: '/textes' }
}

/** The labels of the questions instead of their ids, which nobody sees elsewhere. */
function enMots(message: string, { formulaire }: Modele): string {
  const { champs, etapes } = definitions.indexDe(formulaire)
  const told = message.replace(/«\s*(\w+)\s*»/g, (all, id: string) => {
    const label = champs.get(id)?.champ.libelle ?? etapes.get(id)?.titre
    return label === undefined ? all : `« ${label} »`
  })
  // Who reads it has just deleted it: its label is gone with it.
  const plain = told.replace(/champ inconnu «[^»]*»/g, 'lit une question qui n’existe plus')
  return plain.charAt(0).toUpperCase() + plain.slice(1)
}
