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

// What is typed otherwise, on the page that has this field.
const surCharge = (champs: Champs, saisie: Champs): Champs => ({
  ...champs,
  ...Object.fromEntries(Object.entries(saisie).filter(([name]) => name in champs)),
})

/** A request filed over HTTP by somebody who reads each page before answering it. */
export interface Demande {
  readonly id: string
  /** Of the dossier: /commune/dossiers/id. */
  readonly chemin: string
  /** The two codes that the receipt gives. */
  readonly reference: string
  readonly code: string
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
  saisie: Champs = {},
): Promise<{ id: string; suite: string }> {
  const [premier] = exemples[demarche]![rang]!.envois
  const url = `${commune}/demarches/${demarche}/commencer`
  attendu(await visiteur.lire(url), 200, url)
  const { location } = attendu(await visiteur.envoyer(url, surCharge(champsDe(premier!), saisie)), 303, url)
  return { id: /\/brouillons\/([0-9a-f-]{36})\//.exec(location)![1]!, suite: location }
}

/**
 * Files a sample, page after page, with `photo` wherever it joins a document, and reads the receipt. Throws with the page's own words when a page is
 * refused. `saisie`: typed instead of the sample's answers. `penser`: what is done between two pages, nothing unless told.
 */
export async function deposerDemande(
  visiteur: Visiteur,
  commune: string,
  demarche: string,
  photo: Buffer,
  options: { rang?: number; saisie?: Champs; penser?: () => Promise<unknown> } = {},
): Promise<Demande> {
  const { rang = 0, saisie = {}, penser = async () => {} } = options
  const brouillon = await ouvrirBrouillon(visiteur, commune, demarche, rang, saisie)
  const { envois } = exemples[demarche]![rang]!
  for (const [index, envoi] of envois.entries()) {
    if (index === 0) continue
    const etape = `${commune}/brouillons/${brouillon.id}/etapes/${envoi.etape}`
    const { body } = attendu(await visiteur.lire(etape), 200, etape)
    await penser()
    // A page whose rows are added one by one: each on a page of its own, then the page itself.
    const ajout = /href="([^"]+\/lignes\/[^"]+)"[^>]*>(?:<[^>]*>|\s)*Ajouter/.exec(body)?.[1]
    const url = ajout ?? etape
    const fichiers = Object.entries(envoi.pieces ?? {}).flatMap(([champ, noms]) =>
      noms.map(nom => ({ champ, nom: `${nom.replace(/\.[^.]*$/, '')}.jpg`, octets: photo })),
    )
    attendu(await visiteur.envoyer(url, surCharge(champsDe(envoi), saisie), fichiers), 303, url)
    if (ajout && envois[index + 1]?.etape !== envoi.etape) attendu(await visiteur.envoyer(etape, {}), 303, etape)
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
      const { body } = attendu(await visiteur.lire(location), 200, location)
      const [reference = '', code = ''] = /<main[\s\S]*/.exec(body)?.[0].match(/\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/g) ?? []
      return { id: brouillon.id, chemin: `${commune}/dossiers/${brouillon.id}`, reference, code }
    }
  }
}
