import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import type { Modele } from '../../demarches/index.ts'
import { acceptEtape, aucuneReponse, type Env } from '../../formulaires/index.ts'
import { refusals } from '../refusals.ts'
import { advance } from './advance.ts'
import { fiche } from './deposer.ts'
import { envDuDossier } from './env.ts'
import type { Cas } from './instruire.ts'

/** The ways to reach a person that they may put right themselves, as long as nobody has decided. */
export const COORDONNEES = ['courriel', 'telephone'] as const
export type Coordonnee = (typeof COORDONNEES)[number]

/** The fields of a démarche that say how to reach who asks. */
export const coordonneesDe = (modele: Modele): { role: Coordonnee; champ: string }[] =>
  COORDONNEES.flatMap(role => {
    const champ = modele.demandeur[role]
    return champ ? [{ role, champ }] : []
  })

/**
 * The person puts right how to reach them (RGPD, article 16): an event, and what was there is gone from the answers. Refuses what the form itself
 * would refuse, nothing changed, and a dossier that is decided.
 */
export async function rectifier(cas: Cas, typed: Readonly<Partial<Record<Coordonnee, string>>>): Promise<Result<{ rang: number }>> {
  const { app, tx, collectivite, dossier, modele, auteur } = cas
  const env = envDuDossier(app, collectivite, modele)
  const champs: Record<string, unknown> = { ...dossier.reponses.champs }
  const changed: string[] = []
  for (const { role, champ } of coordonneesDe(modele)) {
    const text = typed[role]
    if (text === undefined) continue
    const read = lireUneReponse(modele, champ, text, env)
    if (!read.ok) return refuse({ ...refusals.coordonnee_invalide, sentence: read.message, field: role })
    if (read.value === champs[champ] || (read.value === undefined && champs[champ] === undefined)) continue
    changed.push(role)
    if (read.value === undefined) delete champs[champ]
    else champs[champ] = read.value
  }
  if (changed.length === 0) return refuse({ ...refusals.rien_a_rectifier, field: 'courriel' })
  const reponses = { ...dossier.reponses, champs } as Cas['dossier']['reponses']
  const done = await advance(app, tx, collectivite.id, dossier, modele.regime, auteur, {
    nature: 'rectifier',
    donnees: { coordonnees: changed },
    changes: { ...fiche(modele, reponses), reponses },
  })
  return done.ok ? ok(done.value) : done
}

type Lu = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string }

/** Reads the answer to one question alone, by the engine and its own rules: a form of one question. */
export function lireUneReponse(modele: Modele, champ: string, text: string, env: Env): Lu {
  const found = modele.formulaire.etapes.flatMap(etape => etape.champs).find(({ id }) => id === champ)!
  const { visibleSi: _, ...seul } = found
  const formulaire = { etapes: [{ id: 'coordonnees', titre: 'Coordonnées', champs: [seul as typeof found] }] }
  const read = acceptEtape(formulaire, 'coordonnees', { [champ]: text }, aucuneReponse, env)
  return read.ok ? { ok: true, value: read.reponses.champs[champ] } : { ok: false, message: read.erreurs[0]!.message }
}
