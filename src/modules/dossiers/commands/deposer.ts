import type { App } from '../../../platform/app.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { filesOf } from '../../../platform/files/index.ts'
import { type Result, refuse } from '../../../platform/refusal.ts'
import { type Modele, serviceDe } from '../../demarches/index.ts'
import { type Env, type Probleme, problems, type Reponses } from '../../formulaires/index.ts'
import type { Collectivite } from '../../territoire/index.ts'
import { lieuDesDelais, silenceLe } from '../horloges/horloges.ts'
import { piecesDe } from '../pieces.ts'
import { cleDeNom } from '../recherche/valeurs.ts'
import { refusals } from '../refusals.ts'
import type { DossierRow } from '../tables.ts'
import { type Auteur, advance, PAR_LA_LOI } from './advance.ts'
import { envDuDossier } from './env.ts'

export { envDuDossier }

/** What prevents filing. `fichier`: a document that is still being verified, of which nothing is asked but to wait. */
export interface Obstacle extends Probleme {
  readonly fichier?: string
}

/** What still prevents filing: the form's own problems, and documents not yet verified or refused. */
export async function obstacles(tx: Tx, collectiviteId: string, modele: Modele, reponses: Reponses, env: Env): Promise<Obstacle[]> {
  const found = problems(modele.formulaire, reponses, env)
  const pieces = piecesDe(modele.formulaire, reponses)
  if (pieces.length === 0) return found
  const files = new Map(
    (
      await filesOf(
        tx,
        collectiviteId,
        pieces.map(p => p.piece.id),
      )
    ).map(f => [f.fichierId, f]),
  )
  return [
    ...found,
    ...pieces.flatMap(({ etape, rowId, champ, piece }) => {
      const file = files.get(piece.id)
      if (file?.state === 'disponible') return []
      const at = { etape, champ, ...(rowId ? { rowId } : {}) }
      if (!file || file.state === 'refuse')
        return [{ ...at, message: `Remplacez le document « ${piece.nom} ». ${file?.motif ?? ''}`.trim() }]
      const message = `Le document « ${piece.nom} » est encore en cours de vérification : attendez quelques secondes.`
      return [{ ...at, message, fichier: piece.id }]
    }),
  ]
}

/** What is kept beside the answers: who asks, where to write to them, their name as lists sort it. */
export function fiche(modele: Modele, reponses: Reponses): { demandeur_nom: string; demandeur_courriel: string | null; cle_nom: string } {
  const text = (champ: string | undefined) =>
    champ && typeof reponses.champs[champ] === 'string' ? (reponses.champs[champ] as string) : ''
  const nom = `${text(modele.demandeur.prenom)} ${text(modele.demandeur.nom)}`.trim()
  const courriel = text(modele.demandeur.courriel)
  return {
    demandeur_nom: nom,
    demandeur_courriel: courriel || null,
    cle_nom: cleDeNom(nom),
  }
}

/**
 * Files a draft: from now on it is the collectivité's to answer, and the clock of silence runs (CRPA L231-1, from the day after).
 * A declaration is accepted in the same transaction: the law waits for nobody's answer. Refuses an incomplete one with the list of what is missing.
 */
export async function deposer(
  app: App,
  tx: Tx,
  collectivite: Collectivite,
  dossier: DossierRow,
  modele: Modele,
  auteur: Auteur,
): Promise<Result<{ rang: number }>> {
  const env = envDuDossier(app, collectivite, modele)
  if (dossier.etat === 'brouillon' && (await obstacles(tx, collectivite.id, modele, dossier.reponses, env)).length > 0)
    return refuse(refusals.incomplet)
  const now = app.clock.now()
  const done = await advance(app, tx, collectivite.id, dossier, modele.regime, auteur, {
    nature: 'deposer',
    changes: {
      ...fiche(modele, dossier.reponses),
      depose_le: now,
      service: serviceDe(modele, dossier.reponses, env),
      silence_le: silenceLe(modele, [{ nature: 'deposer', le: now, donnees: {} }], lieuDesDelais(collectivite)),
    },
  })
  if (!done.ok || modele.regime !== 'declaratif') return done
  const filed: DossierRow = { ...dossier, etat: 'en_instruction', version: done.value.rang }
  const accepted = await advance(app, tx, collectivite.id, filed, modele.regime, PAR_LA_LOI, {
    nature: 'accepter_auto',
    changes: { decide_le: now },
  })
  return accepted.ok ? done : accepted
}
