import { createHash, randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Exemple, exemples } from '../../src/modules/demarches/livre.ts'
import { pdf } from '../../src/platform/files/testing.ts'
import { newSecret } from '../../src/platform/ids.ts'
import { champsDe as saisieDe } from '../builders/demande.ts'
import type { Champs } from '../builders/visiteur.ts'
import { type Demande, demander, type Reponse } from './http.ts'

/** What the server acknowledged about one dossier: what must be found again in the database, once. */
export interface Acquis {
  readonly id: string
  readonly cookie: string
  /** The hours last acknowledged on the page of the dates. */
  horaires: string
  /** The acts acknowledged, by their name in the history, in their order. */
  readonly actes: string[]
  readonly messages: string[]
  /** The PDFs acknowledged, by their digest; photographs are made anew, and counted. */
  readonly pdfs: string[]
  photos: number
}

/** One of the clients: it works until it is stopped, and finishes the request in hand. */
export interface Client {
  readonly acquis: readonly Acquis[]
  /** Answers that are neither an acknowledgement nor « come back later ». */
  readonly anomalies: readonly string[]
  /** Requests sent again because no answer came, or 503. */
  readonly reprises: () => number
  readonly fini: Promise<void>
}

/** What the clients share. */
export interface Atelier {
  /** Asked before each request. */
  readonly adresse: string
  readonly hote?: string | undefined
  readonly commune: string
  readonly agent: string
  readonly photo: Buffer
  /** Whether to begin nothing new. */
  estFini(): boolean
}

const MAX_WAIT_MS = 90_000
let count = 0

/** Starts a client. It opens drafts, changes them, joins documents, files, answers corrections, writes; and, as an agent, handles what it filed. */
export function ouvrirClient(atelier: Atelier, rank: number): Client {
  const acquis: Acquis[] = []
  const anomalies: string[] = []
  let reprises = 0
  // The same request until it is answered: the same key, the same bytes.
  const envoyer = async (demande: Demande): Promise<Reponse> => {
    const deadline = performance.now() + MAX_WAIT_MS
    for (;;) {
      const vers = { url: `${atelier.adresse}${demande.url}`, hote: atelier.hote, de: `10.9.${rank}.${randomInt(250)}` }
      const answer = await demander({ ...demande, ...vers }).catch(() => undefined)
      if (answer && answer.status < 500) return answer
      if (answer && answer.status !== 503) anomalies.push(`${answer.status} ${demande.method} ${demande.url}: ${mots(answer)}`)
      if (performance.now() > deadline) throw new Error(`no answer in ${MAX_WAIT_MS} ms: ${demande.method} ${demande.url}`)
      reprises++
      await sleep(40)
    }
  }
  const poster = async (url: string, cookie: string, fields: NonNullable<Demande['fields']>, fichiers?: Demande['fichiers']) => {
    const answer = await envoyer({
      method: 'POST',
      url,
      cookie,
      fields: { _cle: newSecret(), ...fields },
      ...(fichiers ? { fichiers } : {}),
    })
    if (answer.status !== 303) anomalies.push(`${answer.status} ${url}: ${mots(answer)}`)
    return answer
  }
  const jouer = async (turn: number) => {
    const dossier = await ouvrir(atelier, poster)
    acquis.push(dossier)
    await remplir(atelier, poster, dossier)
    if (turn % 3 === 2) return
    if (!(await deposer(atelier, envoyer, anomalies, dossier))) return
    await instruire(atelier, envoyer, poster, dossier)
  }
  const fini = (async () => {
    for (let turn = rank; !atelier.estFini(); turn++) await jouer(turn)
  })()
  return { acquis, anomalies, reprises: () => reprises, fini }
}

/** Sends until an answer comes. */
export type Envoyer = (demande: Demande) => Promise<Reponse>
/** Posts under a new key. */
export type Poster = (
  url: string,
  cookie: string,
  fields: NonNullable<Demande['fields']>,
  fichiers?: Demande['fichiers'],
) => Promise<Reponse>

const mots = ({ body }: Reponse): string =>
  (body.match(/<main[\s\S]*/)?.[0] ?? body)
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .slice(0, 300)
const exemple: Exemple = exemples['occupation-domaine-public']![1]!
const page = (etape: string) => exemple.envois.find(envoi => envoi.etape === etape)!
const unique = (mot: string): string => `${mot} ${++count} ${newSecret().slice(0, 8)}`

/** What is typed on a page. */
export const champsDe = (etape: string): Champs => saisieDe(page(etape))

/** Opens a draft. */
export async function ouvrir(atelier: Atelier, poster: Poster): Promise<Acquis> {
  const answer = await poster(`${atelier.commune}/demarches/occupation-domaine-public/commencer`, '', champsDe('projet'))
  const id = /\/brouillons\/([0-9a-f-]{36})\//.exec(answer.location)?.[1]
  if (!id) throw new Error(`no draft: ${answer.status} ${mots(answer)}`)
  return { id, cookie: answer.cookies.join('; '), horaires: '', actes: [], messages: [], pdfs: [], photos: 0 }
}

/** Fills in all its pages, the dates three times. */
export async function remplir(atelier: Atelier, poster: Poster, dossier: Acquis): Promise<void> {
  const etape = (nom: string) => `${atelier.commune}/brouillons/${dossier.id}/etapes/${nom}`
  for (let again = 0; again < 3; again++) {
    const horaires = unique('de 8 h à 18 h, essai')
    if ((await poster(etape('dates'), dossier.cookie, { ...champsDe('dates'), horaires })).status === 303) dossier.horaires = horaires
  }
  await poster(etape('emplacement'), dossier.cookie, champsDe('emplacement'))
  const octets = pdf(randomInt(200_000))
  const joined = await poster(etape('documents'), dossier.cookie, {}, [
    { champ: 'plan', nom: 'croquis.jpg', octets: atelier.photo },
    { champ: 'assurance', nom: 'assurance.pdf', octets },
  ])
  if (joined.status === 303) {
    dossier.pdfs.push(digest(octets))
    dossier.photos++
  }
  const courriel = `habitant${++count}@courriel.example`
  await poster(etape('coordonnees'), dossier.cookie, { ...champsDe('coordonnees'), courriel })
}

/**
 * Files it; gives whether it was acknowledged. A document that is still being verified is waited for, as the page says, and the key of a refusal serves
 * again. As long as blows fall, the worker that verifies may die each time before its end: patience is counted from the last of them.
 */
export async function deposer(atelier: Atelier, envoyer: Envoyer, anomalies: string[], dossier: Acquis): Promise<boolean> {
  const fields = { _cle: newSecret() }
  let deadline = performance.now() + MAX_WAIT_MS
  for (;;) {
    if (!atelier.estFini()) deadline = performance.now() + MAX_WAIT_MS
    const answer = await envoyer({
      method: 'POST',
      url: `${atelier.commune}/brouillons/${dossier.id}/depot`,
      cookie: dossier.cookie,
      fields,
    })
    if (answer.status === 303 && answer.location.endsWith('/accuse')) {
      dossier.actes.push('deposer')
      return true
    }
    if (answer.status !== 422 || !/encore en cours de vérification/.test(answer.body) || performance.now() > deadline) {
      anomalies.push(`filing ${dossier.id}: ${answer.status} ${answer.location} ${mots(answer)}`)
      return false
    }
    await sleep(200)
  }
}

/** What an agent asks to correct. */
export function demandeDeCorrection(): Record<string, string | string[]> {
  const echeance = new Date(Date.now() + 40 * 86_400_000)
  return {
    motif: 'incomplet',
    message: 'Précisez les horaires.',
    champs: ['horaires'],
    'echeance-jour': String(echeance.getDate()),
    'echeance-mois': String(echeance.getMonth() + 1),
    'echeance-annee': String(echeance.getFullYear()),
  }
}

async function instruire(atelier: Atelier, envoyer: Envoyer, poster: Poster, dossier: Acquis): Promise<void> {
  const agent = `${atelier.commune}/agent/dossiers/${dossier.id}`
  const habitant = `${atelier.commune}/dossiers/${dossier.id}`
  const agir = async (acte: string, chemin: string, fields: Record<string, string | string[]>) => {
    const seen = await envoyer({ method: 'GET', url: agent, cookie: atelier.agent })
    const version = /name="version" value="(\d+)"/.exec(seen.body)?.[1] ?? ''
    const answer = await poster(`${agent}/${chemin}`, atelier.agent, { version, ...fields })
    if (answer.status === 303) dossier.actes.push(acte)
    return answer
  }
  await agir('prendre_en_instruction', 'instruction', {})
  await agir('demander_correction', 'corrections', demandeDeCorrection())
  const horaires = unique('corrigé')
  await poster(`${habitant}/correction/dates`, dossier.cookie, { ...champsDe('dates'), horaires })
  if ((await poster(`${habitant}/correction`, dossier.cookie, {})).status === 303) {
    dossier.actes.push('repondre_correction')
    dossier.horaires = horaires
  }
  const question = unique('Une question')
  if ((await agir('ecrire', 'messages', { texte: question })).status === 303) dossier.messages.push(question)
  const octets = pdf(randomInt(60_000))
  const reponse = unique('Voici')
  const fichiers = [{ champ: 'fichiers', nom: 'attestation.pdf', octets }]
  if ((await poster(`${habitant}/messages`, dossier.cookie, { texte: reponse }, fichiers)).status === 303) {
    dossier.actes.push('ecrire')
    dossier.messages.push(reponse)
    dossier.pdfs.push(digest(octets))
  }
  await agir('prendre_en_instruction', 'instruction', {})
  await agir('accepter', 'acceptation', { motif: 'Accordé.' })
}

const digest = (octets: Buffer): string => createHash('sha256').update(octets).digest('hex')
