import { inTenant, type Tx } from '../../../../platform/db/open.ts'
import { openFile } from '../../../../platform/files/index.ts'
import { type Answer, notFound, refused } from '../../../../platform/http/route.ts'
import { isUuid } from '../../../../platform/ids.ts'
import { LIBELLES_ETATS, programmes } from '../../../dossiers/index.ts'
import { collectiviteDe } from '../../../territoire/index.ts'
import { refusals } from '../../refusals.ts'
import { type Appel, avecEtag, JSON_TYPE, noterLecture, type Operation, operation } from './operation.ts'
import { changements, dossier, listeDeDossiers, messages, requetes } from './schemas.ts'

/** The dossier of the route, for its token; undefined when unknown, foreign, a draft, hidden or out of what the token sees: all the same to who asks. */
export async function casDuJeton({ ctx, jeton }: Appel, tx: Tx, pour?: string): Promise<programmes.Cas | undefined> {
  const { id = '' } = ctx.params
  if (!isUuid(id)) return undefined
  const auteur = { nature: 'api', id: jeton.id, canal: 'api', pour } as const
  const cas = await programmes.casDuDossier(ctx.app, tx, collectiviteDe(ctx), id, auteur)
  if (!cas || cas.dossier.cache_le || cas.dossier.essai) return undefined
  return programmes.estDansLaPortee(jeton.portee, cas.dossier) ? cas : undefined
}

const lire = (appel: Appel, show: (cas: programmes.Cas) => Promise<Answer>): Promise<Answer> =>
  inTenant(appel.ctx.app.db, appel.ctx.tenant.id, async tx => {
    const cas = await casDuJeton(appel, tx)
    return cas ? show(cas) : refused(notFound)
  })

const ETATS = (Object.keys(LIBELLES_ETATS) as (keyof typeof LIBELLES_ETATS)[]).filter(etat => etat !== 'brouillon')

/** A place of the list, as the API gives it. */
const curseurDe = ({ curseur, id }: { readonly curseur: string; readonly id: string }) =>
  Buffer.from(JSON.stringify([curseur, id])).toString('base64url')

/** The place that a cursor names; undefined when we never gave it. */
function placeDe(curseur: string): { le: string; id: string } | undefined {
  try {
    const [le, id]: unknown[] = JSON.parse(Buffer.from(curseur, 'base64url').toString('utf8'))
    return typeof le === 'string' && estUnInstant(le) && isUuid(id) ? { le, id } : undefined
  } catch {
    return undefined
  }
}

// To the microsecond, and of a day that exists: JavaScript reads 30 February as 2 March, PostgreSQL refuses it.
const estUnInstant = (text: string): boolean =>
  /^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(text) &&
  !Number.isNaN(Date.parse(text)) &&
  new Date(text).toISOString().slice(0, 23) === text.slice(0, 23)

// The clocks of two machines differ by seconds.
const TOLERANCE_MS = 60_000

/** What is read of dossiers. */
export const lectures: readonly Operation[] = [
  operation({
    id: 'listerDossiers',
    method: 'GET',
    path: '/api/v1/dossiers',
    droit: 'dossiers.lire',
    titre: 'Lister les dossiers',
    detail:
      'Du plus anciennement changé au plus récent. Un dossier qui change pendant la lecture revient à la fin. Pour suivre ce qui arrive ensuite, lisez les changements.',
    requete: requetes.dossiers,
    statut: 200,
    reponse: listeDeDossiers,
    faire: async appel => {
      const { ctx, jeton, requete } = appel
      const apres = requete.curseur === undefined ? undefined : placeDe(requete.curseur)
      if (requete.curseur !== undefined && !apres) return refused(refusals.curseur_illisible)
      if (apres && Date.parse(apres.le) > ctx.app.clock.now().getTime() + TOLERANCE_MS) return refused(refusals.curseur_futur)
      return inTenant(ctx.app.db, ctx.tenant.id, async tx => {
        const found = await programmes.listeDesDossiers(tx, ctx.tenant.id, {
          etats: requete.etat ? [requete.etat] : ETATS,
          demarcheId: requete.demarche,
          modifieDepuis: requete.modifieDepuis ? new Date(requete.modifieDepuis) : undefined,
          apres,
          limite: requete.limite + 1,
          portee: jeton.portee,
        })
        const page = found.slice(0, requete.limite)
        // Each of the persons concerned reads it in their follow-up; a page without anybody is noted too.
        const ids = page.map(({ id }) => id)
        const lecture = { acteur: `api:${jeton.id}`, action: 'api.lire', objet: `dossiers:${ids.length}` } as const
        if (ids.length > 0) await programmes.noterLectures(tx, ctx.tenant.id, ctx.app.clock.now(), lecture, ids)
        else await noterLecture(appel, tx, lecture.action, lecture.objet, { requete })
        const last = page.at(-1)
        return {
          json: {
            dossiers: page.map(({ curseur: _, ...resume }) => resume),
            suivant: found.length > page.length && last ? curseurDe(last) : null,
          },
        }
      })
    },
  }),
  operation({
    id: 'lireDossier',
    method: 'GET',
    path: '/api/v1/dossiers/:id',
    droit: 'dossiers.lire',
    titre: 'Lire un dossier',
    detail:
      'Réponses avec leurs libellés, documents, messages, historique. « ETag » se redonne dans « If-None-Match » pour ne rien recevoir si rien n’a changé.',
    statut: 200,
    reponse: dossier,
    faire: appel =>
      lire(appel, async cas => {
        const whole = await programmes.dossierComplet(cas, appel.jeton.droits.has('annotations.lire'))
        const { answer, isKnown } = avecEtag(appel.ctx, whole, cas.dossier.version)
        if (!isKnown) await noterLecture(appel, cas.tx, 'dossier.lire', `dossier:${cas.dossier.id}`)
        return answer
      }),
  }),
  operation({
    id: 'lireMessages',
    method: 'GET',
    path: '/api/v1/dossiers/:id/messages',
    droit: 'dossiers.lire',
    titre: 'Lire les messages d’un dossier',
    statut: 200,
    reponse: messages,
    faire: appel =>
      lire(appel, async cas => {
        await noterLecture(appel, cas.tx, 'messages.lire', `dossier:${cas.dossier.id}`)
        return { json: { messages: await programmes.messagesPourProgramme(cas) } }
      }),
  }),
  operation({
    id: 'telechargerPiece',
    method: 'GET',
    path: '/api/v1/dossiers/:id/pieces/:fichier',
    droit: 'pieces.lire',
    titre: 'Télécharger un document joint',
    detail: 'Par la personne à ses réponses, ou à un message.',
    statut: 200,
    reponse: 'fichier',
    faire: appel =>
      lire(appel, async cas => {
        const { fichier = '' } = appel.ctx.params
        const joined = programmes.piecesDe(cas.modele.formulaire, cas.dossier.reponses).some(({ piece }) => piece.id === fichier)
        const sent = joined || (await programmes.messagesPourProgramme(cas)).some(({ pieces }) => pieces.some(({ id }) => id === fichier))
        return sent && isUuid(fichier) ? servir(appel, cas, fichier, 'piece.lire') : refused(notFound)
      }),
  }),
  operation({
    id: 'telechargerDocument',
    method: 'GET',
    path: '/api/v1/dossiers/:id/documents/:document',
    droit: 'pieces.lire',
    titre: 'Télécharger un document émis',
    detail: 'Accusé de réception, décision, attestation ou courrier, en PDF.',
    statut: 200,
    reponse: 'fichier',
    faire: appel =>
      lire(appel, async cas => {
        const issued = await programmes.documentsDuDossier(cas.tx, cas.collectivite.id, cas.dossier.id)
        const found = issued.find(({ id }) => id === appel.ctx.params.document)
        return found ? servir(appel, cas, found.fichier_id, 'document.lire') : refused(notFound)
      }),
  }),
  operation({
    id: 'lireChangements',
    method: 'GET',
    path: '/api/v1/changements',
    droit: 'dossiers.lire',
    titre: 'Lire le fil des changements',
    detail:
      'Tout ce qui arrive aux dossiers, dans l’ordre du journal, sans trou : gardez « curseur » et redonnez-le la fois suivante. Aucune donnée personnelle : lisez ensuite le dossier.',
    requete: requetes.changements,
    statut: 200,
    reponse: changements,
    faire: async ({ ctx, jeton, requete }) => {
      if (!/^(0|[1-9]\d{0,14})$/.test(requete.apres)) return refused(refusals.curseur_illisible)
      const apres = Number(requete.apres)
      return inTenant(ctx.app.db, ctx.tenant.id, async tx => {
        const tete = await programmes.tetePour(tx, ctx.tenant.id)
        if (apres > tete) {
          const { code, sentence: phrase, status } = refusals.curseur_futur
          return { json: { code, message: phrase, curseur: String(tete) }, status }
        }
        const found = await programmes.changementsDepuis(tx, ctx.tenant.id, { apres, limite: requete.limite, portee: jeton.portee })
        return { bytes: JSON.stringify({ ...found, curseur: String(found.curseur) }), type: JSON_TYPE }
      })
    },
  }),
]

async function servir(
  appel: Appel,
  { tx, collectivite, dossier: row }: programmes.Cas,
  fichierId: string,
  action: string,
): Promise<Answer> {
  await noterLecture(appel, tx, action, `dossier:${row.id}`, { fichierId })
  const opened = await openFile(appel.ctx.app.files, tx, { collectiviteId: collectivite.id, fichierId })
  return opened.ok ? { file: opened.value } : refused(opened.refusal)
}
