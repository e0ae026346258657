import type { App } from '../../../platform/app.ts'
import { civilDay } from '../../../platform/clock.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { modelePublie } from '../../demarches/index.ts'
import { type Env, recapitulatif, type SectionRecapitulatif } from '../../formulaires/index.ts'
import { type Collectivite, fuseau } from '../../territoire/index.ts'
import type { Auteur } from '../commands/advance.ts'
import { envDuDossier } from '../commands/deposer.ts'
import type { Cas } from '../commands/instruire.ts'
import { dossierParId, dossiersParIds } from './dossier.ts'

/** A filed dossier with its modèle, for someone to act on it; undefined when there is none of that id, or when it is still a draft. */
export async function casDuDossier(
  app: App,
  tx: Tx,
  collectivite: Collectivite,
  dossierId: string,
  auteur: Auteur,
  lock = false,
): Promise<Cas | undefined> {
  const dossier = await dossierParId(tx, collectivite.id, dossierId, lock)
  if (!dossier || dossier.etat === 'brouillon') return undefined
  return { app, tx, collectivite, dossier, modele: await modelePublie(tx, dossier.definition), auteur }
}

/** Any dossier with its modèle, drafts included: for what concerns what is kept of it, not its handling. */
export async function casEntier(
  app: App,
  tx: Tx,
  collectivite: Collectivite,
  dossierId: string,
  auteur: Auteur,
  lock = false,
): Promise<Cas | undefined> {
  const dossier = await dossierParId(tx, collectivite.id, dossierId, lock)
  return dossier && { app, tx, collectivite, dossier, modele: await modelePublie(tx, dossier.definition), auteur }
}

/** Those of some dossiers that are there, in the order of their ids as given. */
export async function casEntiers(app: App, tx: Tx, collectivite: Collectivite, ids: readonly string[], auteur: Auteur): Promise<Cas[]> {
  const found = new Map((await dossiersParIds(tx, collectivite.id, ids)).map(dossier => [dossier.id, dossier]))
  const cas: Cas[] = []
  for (const id of ids) {
    const dossier = found.get(id)
    if (dossier) cas.push({ app, tx, collectivite, dossier, modele: await modelePublie(tx, dossier.definition), auteur })
  }
  return cas
}

/** The facts in which the answers were given: those of the day of the deposit, so that reading them later shows the same questions. */
export function envAuDepot({ app, collectivite, modele, dossier }: Omit<Cas, 'tx' | 'auteur'>): Env {
  const env = envDuDossier(app, collectivite, modele)
  return dossier.depose_le ? { ...env, aujourdhui: civilDay(dossier.depose_le, fuseau(collectivite)) } : env
}

/** The answers as people read them. */
export const reponsesLues = (cas: Omit<Cas, 'tx' | 'auteur'>): SectionRecapitulatif[] =>
  recapitulatif(cas.modele.formulaire, cas.dossier.reponses, envAuDepot(cas))

/** The answer to one of the fields that say who asks, as it is read; undefined when it was not asked or not given. */
export function reponseDuDemandeur(cas: Omit<Cas, 'tx' | 'auteur'>, role: 'telephone' | 'adresse' | 'courriel'): string | undefined {
  const champ = cas.modele.demandeur[role]
  const lignes = champ ? reponsesLues(cas).flatMap(section => section.lignes) : []
  return lignes.find(ligne => ligne.champ === champ)?.valeur || undefined
}
