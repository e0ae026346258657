import type { App } from '../../../platform/app.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { type Formulaire, reserve } from '../../formulaires/index.ts'
import type { Modele } from '../demarche.ts'
import * as entieres from './demarches.ts'
import * as revisions from './revisions.ts'

export type Demarche = entieres.Demarche

/**
 * What the rest of the program reads of a démarche: its definition without the étapes reserved to agents. The door gives these and not the whole,
 * so that no page, document, export or API of residents can show by mistake what agents alone are asked. The editor, within the module, reads the
 * whole; agents who handle a dossier ask for `formulaireDesAgents`.
 */
const publics = new WeakMap<Modele, Modele>()

function publique(modele: Modele): Modele {
  const known = publics.get(modele)
  if (known) return known
  const formulaire = reserve.partPublique(modele.formulaire)
  const part = formulaire === modele.formulaire ? modele : { ...modele, formulaire }
  publics.set(modele, part)
  return part
}

const montree = (demarche: Demarche): Demarche => {
  const modele = publique(demarche.modele)
  return modele === demarche.modele ? demarche : { ...demarche, modele }
}

/** The public part of the definition of a fingerprint. Throws when it does not exist. */
export const modelePublie = async (tx: Tx, empreinte: string): Promise<Modele> => publique(await entieres.modelePublie(tx, empreinte))

/** The whole form of a definition, with the étapes reserved to agents; undefined when it has none. */
export async function formulaireDesAgents(tx: Tx, empreinte: string): Promise<Formulaire | undefined> {
  const { formulaire } = await entieres.modelePublie(tx, empreinte)
  return reserve.aDesEtapesReservees(formulaire) ? formulaire : undefined
}

/** The démarches that a collectivité offers now, by title. */
export const demarchesOuvertes = async (tx: Tx, collectiviteId: string): Promise<Demarche[]> =>
  (await entieres.demarchesOuvertes(tx, collectiviteId)).map(montree)

const ouRien = (found: Demarche | undefined) => found && montree(found)

/** One démarche of a collectivité, open or not; undefined when it does not have it. */
export const demarche = async (tx: Tx, collectiviteId: string, id: string): Promise<Demarche | undefined> =>
  ouRien(await entieres.demarche(tx, collectiviteId, id))

/** The same, kept in memory until something of the collectivité changes: nothing is decided on it. */
export const demarcheConnue = async (app: App, tx: Tx, collectiviteId: string, id: string): Promise<Demarche | undefined> =>
  ouRien(await entieres.demarcheConnue(app, tx, collectiviteId, id))

/** One démarche as residents may know it, in one reading; undefined when it was never published. */
export const lireDemarche = async (app: App, collectiviteId: string, id: string): Promise<Demarche | undefined> =>
  ouRien(await entieres.lireDemarche(app, collectiviteId, id))

/** A revision as it was published, whatever came after, closed or not; undefined when there is none of that number. */
export async function revisionDe(tx: Tx, collectiviteId: string, demarcheId: string, numero: number) {
  const found = await revisions.revisionDe(tx, collectiviteId, demarcheId, numero)
  return found && { ...found, modele: publique(found.modele) }
}
