import type { Tx } from '../../../platform/db/open.ts'
import type { Modele } from '../../demarches/index.ts'
import { definitions, type Env, type Reponses } from '../../formulaires/index.ts'
import { type Compose, composer } from '../composer.ts'
import { AGENT, type Contenu, type Usage, usages } from '../gabarit.ts'
import { type Faits, fautesDe, motsDuDossier } from '../marques.ts'
import { contenuParDefaut } from '../par-defaut.ts'
import type { GabaritRow, SignataireRow } from '../tables.ts'
import { courriersEnService, gabarit, gabaritEnService } from './gabarits.ts'
import { signataire, signatairesEnService } from './signataires.ts'

/** What a text is written about. */
export interface Sujet {
  readonly usage: Usage
  readonly demarcheId: string
  /** The revision of the démarche in which the dossier was filled in. */
  readonly modele: Modele
  readonly reponses: Reponses
  readonly env: Env
  readonly faits: Faits
  /** Who was chosen to sign among those allowed: stands as it was chosen, whatever became of the text. Undefined for the text's own. */
  readonly signataire?: string | undefined
  /** The text to take, among those of its use; null for the one by default. Undefined for the one that serves. */
  readonly gabaritId?: string | null | undefined
}

/** Someone who may sign a text: a signataire, or the agent who decides (`AGENT`, whose name the caller knows). */
export interface SignatairePossible {
  readonly id: string
  readonly nom: string
  readonly qualite: string
}

/** The text for a dossier, and where it comes from. */
export interface Redaction extends Compose {
  /** The version that served; null for the text by default. */
  readonly gabarit: { readonly id: string; readonly version: number } | null
  /** Why the collectivité's own text could not serve, in sentences; empty when it did, or when there is none. */
  readonly ecarte: readonly string[]
  /** Who signs; undefined for the agent who decides. */
  readonly signataire: Pick<SignataireRow, 'nom' | 'qualite' | 'image'> | undefined
  /** Who may sign it today, who signs by default first; at least one. */
  readonly possibles: readonly SignatairePossible[]
}

/**
 * Writes the text of a use for a dossier: the collectivité's own when it has one, else the one by default. A text that names what this
 * revision of the démarche does not have never stops a decision: the default serves, and `ecarte` says why.
 */
export async function rediger(tx: Tx, collectiviteId: string, sujet: Sujet): Promise<Redaction> {
  const { usage, modele, reponses, env } = sujet
  const own = await texteChoisi(tx, collectiviteId, sujet)
  // A text for all démarches has only what any dossier has: it is checked as such.
  const fautes = own ? fautesDe(own.contenu, usage, own.demarche_id === null ? null : modele) : []
  const serves = own && fautes.length === 0 ? own : undefined
  const contenu = serves?.contenu ?? contenuParDefaut(usage, modele)
  const composed = composer(
    contenu,
    motsDuDossier(modele, reponses, env, sujet.faits),
    condition => definitions.conditionTenue(modele.formulaire, reponses, env, condition),
    secoursDe(usage, modele),
  )
  const possibles = await signatairesPossibles(tx, collectiviteId, contenu)
  const chosen = sujet.signataire ?? possibles[0]!.id
  return {
    ...composed,
    gabarit: serves ? { id: serves.id, version: serves.version } : null,
    ecarte: fautes.map(({ message }) => message),
    signataire: chosen === AGENT ? undefined : await signataire(tx, collectiviteId, chosen),
    possibles,
  }
}

async function texteChoisi(tx: Tx, collectiviteId: string, { usage, demarcheId, gabaritId }: Sujet): Promise<GabaritRow | undefined> {
  if (gabaritId === undefined) return gabaritEnService(tx, collectiviteId, usage, demarcheId)
  const chosen = gabaritId === null ? undefined : await gabarit(tx, collectiviteId, gabaritId)
  const isFor = chosen?.usage === usage && chosen.retire_le === null && (chosen.demarche_id ?? demarcheId) === demarcheId
  return isFor ? chosen : undefined
}

/** The letters that an agent may begin from, by their titles. */
export async function courriersProposes(tx: Tx, collectiviteId: string, demarcheId: string) {
  const found = await courriersEnService(tx, collectiviteId, demarcheId)
  return found.map(({ id, contenu, demarche_id }) => ({ id, titre: contenu.titre, pourToutes: demarche_id === null }))
}

const L_AGENT: SignatairePossible = { id: AGENT, nom: '', qualite: '' }

// When the text's own has been withdrawn, the agent who decides signs, as if none had been chosen.
async function signatairesPossibles(tx: Tx, collectiviteId: string, contenu: Contenu): Promise<SignatairePossible[]> {
  const wanted = [contenu.signataire ?? AGENT, ...(contenu.signataires ?? [])]
  const known = await signatairesEnService(
    tx,
    collectiviteId,
    wanted.filter(id => id !== AGENT),
  )
  const byId = new Map([L_AGENT, ...known].map(one => [one.id, one]))
  const first = byId.get(wanted[0]!) ?? L_AGENT
  return [...new Set([first, ...wanted.slice(1).flatMap(id => byId.get(id) ?? [])])]
}

const secoursDe = (usage: Usage, modele: Modele): string =>
  usage === 'document.accepter' ? modele.titre : `${usages[usage]} – ${modele.titre}`
