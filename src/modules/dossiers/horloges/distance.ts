import type { Modele } from '../../demarches/index.ts'
import type { Collectivite } from '../../territoire/index.ts'
import type { DossierRow } from '../tables.ts'
import { type LieuDesDelais, lieuDesDelais } from './horloges.ts'

/** Months more to go to the tribunal administratif, for who lives far from it; undefined when nobody said where they live. */
export type MoisDeDistance = 0 | 1 | 2 | undefined

// The territories that CJA R421-7 names, by the codes of their departments (977 Saint-Barthélemy, 978 Saint-Martin, 984 TAAF).
const OUTRE_MER: ReadonlySet<string> = new Set(['971', '972', '973', '974', '975', '976', '977', '978', '984', '986', '987', '988'])

/**
 * How much longer a person may appeal (CJA R421-7): a month more when they live overseas and the court is in metropolitan France, or when the court is
 * overseas and they do not live in its territory; two months abroad. `departement` is that of the collectivité, whose court it is. Undefined when one of
 * the two is unknown. Pure.
 */
export function moisDeDistance(departement: string | null, demeure: string | undefined): MoisDeDistance {
  if (departement === null || demeure === undefined) return undefined
  if (demeure === ETRANGER) return 2
  if (OUTRE_MER.has(departement)) return demeure === departement ? 0 : 1
  return OUTRE_MER.has(demeure) ? 1 : 0
}

const ETRANGER = 'etranger'

/** Where a postcode is: the code of an overseas territory, abroad (Monaco has French postcodes), or the first two figures. */
export function territoireDuCodePostal(codePostal: string): string {
  if (codePostal === '97133') return '977'
  if (codePostal === '97150') return '978'
  if (codePostal.startsWith('980')) return ETRANGER
  return codePostal.slice(0, /^9[78]/.test(codePostal) ? 3 : 2)
}

type Demande = {
  readonly collectivite: Pick<Collectivite, 'departement'> & Partial<Pick<Collectivite, 'code'>>
  readonly modele: Pick<Modele, 'demandeur'>
  readonly dossier: Pick<DossierRow, 'reponses'>
}

/** The months of distance of who asks, by the address that they gave; undefined when the démarche asked for none, or for none that is a place. */
export function distanceDuDossier({ collectivite, modele, dossier }: Demande): MoisDeDistance {
  const adresse = modele.demandeur.adresse ? dossier.reponses.champs[modele.demandeur.adresse] : undefined
  const codePostal = typeof adresse === 'object' && adresse !== null && 'codePostal' in adresse ? adresse.codePostal : undefined
  const isKnown = typeof codePostal === 'string' && /^\d{5}$/.test(codePostal)
  return moisDeDistance(collectivite.departement, isKnown ? territoireDuCodePostal(codePostal) : undefined)
}

/** Where the clocks of a dossier are counted, and how far its person lives. */
export const lieuDuDossier = (demande: Demande): LieuDesDelais => ({
  ...lieuDesDelais(demande.collectivite),
  distance: distanceDuDossier(demande),
})

const ARTICLE = 'C’est l’article R421-7 du code de justice administrative.'

/**
 * How to contest a decision, with what distance adds when the text speaks of that court: the time that this person has, or the rule when nobody knows
 * where they live. It lengthens the appeal to the court alone, not a request to the mairie (CE, 5 January 2000, n° 170954).
 */
export function recoursAvecDistance(recours: string, departement: string | null, distance: MoisDeDistance): string {
  if (distance === 0 || !/tribunal administratif/i.test(recours)) return recours
  if (distance !== undefined) {
    const [plus, total] = distance === 1 ? ['un mois', 'trois mois'] : ['deux mois', 'quatre mois']
    return `${recours} D’après l’adresse de votre demande, vous avez ${plus} de plus pour saisir le tribunal : ${total} en tout. ${ARTICLE}`
  }
  const loin = departement !== null && OUTRE_MER.has(departement) ? 'hors de ce territoire' : 'outre-mer'
  return `${recours} Pour saisir le tribunal, une personne qui demeure ${loin} a un mois de plus ; à l’étranger, deux mois de plus. ${ARTICLE}`
}
