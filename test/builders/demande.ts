import { setTimeout as sleep } from 'node:timers/promises'
import { type Exemple, exemples } from '../../src/modules/demarches/livre.ts'
import { dates } from '../../src/modules/formulaires/index.ts'
import type { Champs, Reponse, Visiteur } from './visiteur.ts'

/** What a sample types on a page, dates counted from today in their three boxes. */
export function champsDe(envoi: Exemple['envois'][number]): Champs {
  const all: Record<string, string | readonly string[]> = { ...(envoi.saisie as Champs) }
  const today = new Date().toISOString().slice(0, 10)
  for (const [champ, days] of Object.entries(envoi.dansJours ?? {})) {
    const [annee = '', mois = '', jour = ''] = (dates.addDays(today, days) ?? '').split('-')
    Object.assign(all, { [`${champ}-jour`]: jour, [`${champ}-mois`]: mois, [`${champ}-annee`]: annee })
  }
  return all
}

/** A request filed over HTTP by somebody who reads each page before answering it. */
export interface Demande {
  readonly id: string
  /** Of the dossier: /commune/dossiers/id. */
  readonly chemin: string
}

const attendu = (reponse: Reponse, status: number, what: string): Reponse => {
  if (reponse.status === status) return reponse
  const words = (reponse.body.match(/<main[\s\S]*/)?.[0] ?? reponse.body).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
  throw new Error(`${what}: ${reponse.status} ${words.slice(0, 300)}`)
}

/** Opens a draft with the first page of a sample, and says where it leads. */
export async function ouvrirBrouillon(
  visiteur: Visiteur,
  commune: string,
  demarche: string,
  rang = 0,
): Promise<{ id: string; suite: string }> {
  const [premier] = exemples[demarche]![rang]!.envois
  const url = `${commune}/demarches/${demarche}/commencer`
  attendu(await visiteur.lire(url), 200, url)
  const { location } = attendu(await visiteur.envoyer(url, champsDe(premier!)), 303, url)
  return { id: /\/brouillons\/([0-9a-f-]{36})\//.exec(location)![1]!, suite: location }
}

/**
 * Files a sample, page after page, with `photo` wherever it joins a document, and reads the receipt. Throws with the page's own words when a page is
 * refused. `penser`: what is done between two pages, nothing unless told.
 */
export async function deposerDemande(
  visiteur: Visiteur,
  commune: string,
  demarche: string,
  photo: Buffer,
  options: { rang?: number; penser?: () => Promise<unknown> } = {},
): Promise<Demande> {
  const { rang = 0, penser = async () => {} } = options
  const brouillon = await ouvrirBrouillon(visiteur, commune, demarche, rang)
  for (const envoi of exemples[demarche]![rang]!.envois.slice(1)) {
    const url = `${commune}/brouillons/${brouillon.id}/etapes/${envoi.etape}`
    attendu(await visiteur.lire(url), 200, url)
    await penser()
    const fichiers = Object.entries(envoi.pieces ?? {}).flatMap(([champ, noms]) =>
      noms.map(nom => ({ champ, nom: `${nom.replace(/\.[^.]*$/, '')}.jpg`, octets: photo })),
    )
    attendu(await visiteur.envoyer(url, champsDe(envoi), fichiers), 303, url)
  }
  const verification = `${commune}/brouillons/${brouillon.id}/verification`
  attendu(await visiteur.lire(verification), 200, verification)
  await penser()
  for (let attempt = 0; ; attempt++) {
    const answer = await visiteur.envoyer(`${commune}/brouillons/${brouillon.id}/depot`, {})
    // A document still being verified is waited for, as the page says.
    if (answer.status === 422 && /encore en cours de vérification/.test(answer.body) && attempt < 60) await sleep(1000)
    else {
      const { location } = attendu(answer, 303, 'depot')
      attendu(await visiteur.lire(location), 200, location)
      return { id: brouillon.id, chemin: `${commune}/dossiers/${brouillon.id}` }
    }
  }
}
