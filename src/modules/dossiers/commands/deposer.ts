import type { App } from '../../../platform/app.ts'
import { civilDay } from '../../../platform/clock.ts'
import type { Tx } from '../../../platform/db/open.ts'
import { filesOf } from '../../../platform/files/index.ts'
import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { envDe, type Modele, serviceDe, silenceDate } from '../../demarches/index.ts'
import { type Env, type Probleme, problems, type Reponses } from '../../formulaires/index.ts'
import { type Collectivite, fuseau } from '../../territoire/index.ts'
import { piecesDe } from '../pieces.ts'
import { refusals } from '../refusals.ts'
import type { DossierRow } from '../tables.ts'
import { type Auteur, advance } from './advance.ts'

/** The facts in which a dossier's form is read today, in the time zone of its collectivité. */
export function envDuDossier(app: App, collectivite: Collectivite, modele: Modele): Env {
  const { nom, code, epciCode, departement, region, population } = collectivite
  const aujourdhui = civilDay(app.clock.now(), fuseau(collectivite))
  const commune = {
    nom,
    insee: code,
    epci: epciCode ?? '',
    departement: departement ?? '',
    region: region ?? '',
    population: population ?? 0,
  }
  return envDe(modele, aujourdhui, commune)
}

/** What still prevents filing: the form's own problems, and documents not yet verified or refused. */
export async function obstacles(tx: Tx, collectiviteId: string, modele: Modele, reponses: Reponses, env: Env): Promise<Probleme[]> {
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
      const message =
        !file || file.state === 'refuse'
          ? `Remplacez le document « ${piece.nom} ». ${file?.motif ?? ''}`
          : `Le document « ${piece.nom} » est encore en cours de vérification : attendez quelques secondes.`
      return [{ etape, champ, message: message.trim(), ...(rowId ? { rowId } : {}) }]
    }),
  ]
}

/** What is kept beside the answers to find a dossier again: who asks, where to write to them, words to search by. */
export function fiche(
  modele: Modele,
  reponses: Reponses,
  reference: string,
): { demandeur_nom: string; demandeur_courriel: string | null; recherche: string } {
  const text = (champ: string | undefined) =>
    champ && typeof reponses.champs[champ] === 'string' ? (reponses.champs[champ] as string) : ''
  const nom = `${text(modele.demandeur.prenom)} ${text(modele.demandeur.nom)}`.trim()
  const courriel = text(modele.demandeur.courriel)
  return {
    demandeur_nom: nom,
    demandeur_courriel: courriel || null,
    recherche: cleDeRecherche([nom, courriel, reference, reference.replaceAll('-', ''), modele.titre].join(' ')),
  }
}

/** Words without accents nor capitals, as the list of dossiers is searched. */
export const cleDeRecherche = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9@.]+/g, ' ')
    .trim()
    .slice(0, 500)

/**
 * Files a draft: from now on it is the collectivité's to answer, and the clock of silence runs (CRPA L231-1, from the day after).
 * Refuses an incomplete one with the list of what is missing.
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
  const done = await advance(app, tx, collectivite.id, dossier, modele.regime, auteur, {
    nature: 'deposer',
    changes: {
      ...fiche(modele, dossier.reponses, dossier.reference),
      depose_le: app.clock.now(),
      service: serviceDe(modele, dossier.reponses, env),
      silence_le: silenceDate(env.aujourdhui, modele),
    },
  })
  return done.ok ? ok({ rang: done.value.rang }) : done
}
