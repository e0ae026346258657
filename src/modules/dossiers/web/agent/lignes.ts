import { civilDay } from '../../../../platform/clock.ts'
import type { Tx } from '../../../../platform/db/open.ts'
import type { Context } from '../../../../platform/http/route.ts'
import { nomsDesAgents } from '../../../agents/index.ts'
import { modelePublie } from '../../../demarches/index.ts'
import { dates, definitions, type Reponses } from '../../../formulaires/index.ts'
import { collectiviteDe, fuseau } from '../../../territoire/index.ts'
import { estTermine, LIBELLES_ETATS } from '../../dossier.ts'
import { URGENT_JOURS } from '../../queries/conditions.ts'
import type { LigneDeFile } from '../../queries/file-d-instruction.ts'
import { adresseDesDossiers, aujourdhui } from './acces.ts'
import type { DossierListe } from './liste.page.tsx'
import { distance, joursEntre, tonDeLEtat } from './mots.ts'

/** The lines of a list in words. `liste` is the address of the list, which the dossier's page needs to go to the next one; `colonnes` are fields to show. */
export async function lignesEnMots(
  ctx: Context,
  tx: Tx,
  lignes: readonly LigneDeFile[],
  { liste, colonnes = [] }: { readonly liste: string; readonly colonnes?: readonly (definitions.Champ | undefined)[] },
): Promise<DossierListe[]> {
  const today = aujourdhui(ctx)
  const zone = fuseau(collectiviteDe(ctx))
  const noms = await nomsDesAgents(
    tx,
    lignes.flatMap(({ agentId }) => agentId ?? []),
  )
  const found: DossierListe[] = []
  for (const ligne of lignes) {
    found.push({
      id: ligne.id,
      href: `${adresseDesDossiers(ctx)}/${ligne.id}?liste=${encodeURIComponent(liste)}`,
      nom: ligne.demandeurNom || 'Sans nom',
      reference: ligne.reference,
      version: ligne.version,
      demarche: (await modelePublie(tx, ligne.definition)).titre,
      etat: LIBELLES_ETATS[ligne.etat],
      ton: tonDeLEtat[ligne.etat],
      agent: (ligne.agentId && noms.get(ligne.agentId)) || 'Personne',
      delais: delaisDe(ligne, civilDay(ligne.deposeLe, zone), today),
      nonLus: ligne.nonLus,
      valeurs: colonnes.map(champ => (champ && ligne.reponses ? valeurDe(champ, ligne.reponses, ligne.annotations) : '')),
    })
  }
  return found
}

/** What was answered to a field, once or in each row, by the person or by agents; on one line. */
export function valeurDe(champ: definitions.Champ, reponses: Reponses, annotations: Reponses | undefined): string {
  const rows = [reponses.champs, annotations?.champs ?? {}, ...Object.values(reponses.lignes).flatMap(rows => rows.map(row => row.champs))]
  const type = definitions.typeDe(champ)
  const values = rows.flatMap(values => {
    const valeur: unknown = Object.hasOwn(values, champ.id) ? values[champ.id] : undefined
    return type.est(valeur) ? [type.formater(champ, valeur).replaceAll('\n', ', ')] : []
  })
  return [...new Set(values)].join(' ; ')
}

/** Since when a dossier waits, and what comes when: « échéance dans 3 jours (24 novembre 2026), reçue il y a 2 mois ». Urgent in words, so that it is heard too. */
export function delaisDe({ etat, silenceLe, correctionLe, reponseLe }: LigneDeFile, deposeLe: string, today: string): string {
  const recue = `reçue ${distance(joursEntre(today, deposeLe))}`
  const due = estTermine(etat) ? null : (correctionLe ?? silenceLe)
  const repondu = reponseLe ? 'Réponse reçue, ' : ''
  if (!due) return repondu + (repondu ? recue : capitale(recue))
  const jours = joursEntre(today, due)
  const quoi = `${correctionLe ? 'correction attendue' : 'échéance'} ${distance(jours)} (${dates.longDate(due)})`
  // In words rather than in bold: no element more in a list of 25 lines, and a screen reader says it.
  if (jours <= (correctionLe ? -1 : URGENT_JOURS)) return `Urgent\u00a0: ${repondu.toLowerCase()}${quoi}, ${recue}`
  return repondu ? `${repondu}${quoi}, ${recue}` : capitale(`${quoi}, ${recue}`)
}

const capitale = (text: string): string => text.charAt(0).toLocaleUpperCase('fr-FR') + text.slice(1)
