import { Readable } from 'node:stream'
import { type Entry, safePaths, zip } from '../../../../platform/export/index.ts'
import type { Answer, Context } from '../../../../platform/http/route.ts'
import { newSecret } from '../../../../platform/ids.ts'
import type { Refusal } from '../../../../platform/refusal.ts'
import type { SummaryRow } from '../../../../ui/index.ts'
import { pageAgent } from '../../../agents/index.ts'
import { traitement } from '../../../demarches/index.ts'
import { dates } from '../../../formulaires/index.ts'
import { fuseau } from '../../../territoire/index.ts'
import { instantEnMots } from '../../accuse.ts'
import { geler, noterRemise } from '../../commands/cacher.ts'
import type { Cas } from '../../commands/instruire.ts'
import { finDeConservation, finDeCorbeille } from '../../conservation.ts'
import { estTermine } from '../../dossier.ts'
import { fichiersJoints, ouvrirPourArchive, trierLesFichiers } from '../../queries/archive.ts'
import { type Conserve, conserve } from '../../queries/conservation.ts'
import { contenuDuDossier } from '../../queries/contenu.ts'
import { versionHtml } from '../usager/donnees-html.ts'
import { adresseDuDossier, agir, chemins, enErreur, lire, noterLecture } from './acces.ts'
import { Conservation } from './conservation.page.tsx'

const FAITS: Readonly<Record<string, string>> = {
  suspension: 'L’effacement de ce dossier est suspendu.',
  reprise: 'L’effacement suit de nouveau son cours.',
  remise: 'La remise aux archives est notée.',
}

/** GET …/conservation: until when the dossier is kept, and what can be done about it. */
export const montrerConservation = (ctx: Context): Promise<Answer> => lire(ctx, cas => laPage(ctx, cas))

async function laPage(ctx: Context, cas: Cas, refusal?: Refusal): Promise<Answer> {
  const found = (await conserve(cas.tx, ctx.tenant.id, cas.dossier.id))!
  const declare = traitement.traitementDe(cas.modele)
  const children = (
    <Conservation
      href={adresseDuDossier(ctx)}
      jeton={ctx.token}
      cle={newSecret()}
      version={cas.dossier.version}
      faits={faitsDe(cas, found, declare)}
      erreurs={refusal ? [enErreur(refusal)] : []}
      fait={refusal ? undefined : FAITS[ctx.query.line('fait', 20)]}
      peutAgir={ctx.agent.permissions.has('dossiers.instruire')}
      estGele={found.estGele}
      motif={refusal ? ctx.form.text('motif', 500) : ''}
      archives={declare.sort === 'archiver' && estTermine(cas.dossier.etat) ? (found.estRemis ? 'remis' : 'a-remettre') : undefined}
    />
  )
  const hasErrors = refusal !== undefined
  return pageAgent(
    ctx,
    { title: 'Conservation de ce dossier', hasErrors, chemin: chemins(ctx, cas.dossier), children },
    ctx.agent,
    refusal?.status,
  )
}

function faitsDe(cas: Cas, found: Conserve, declare: traitement.TraitementDeclare): SummaryRow[] {
  const { collectivite } = cas
  const quand = (date: Date) => instantEnMots(date, collectivite)
  const fin = finDeConservation(found, declare.conservationMois, fuseau(collectivite))
  return [
    { cle: 'Durée', valeur: traitement.dureeEnMots(declare) },
    {
      cle: 'Gardé jusqu’au',
      valeur: fin ? dates.longDate(fin) : 'Tant qu’il n’est pas décidé : un dossier sans décision n’est jamais effacé',
    },
    ...(found.prevenuLe ? [{ cle: 'Personne prévenue le', valeur: quand(found.prevenuLe) }] : []),
    ...(found.cacheLe
      ? [
          {
            cle: 'À la corbeille',
            valeur: `Depuis le ${quand(found.cacheLe)}, effacé à partir du ${dates.longDate(finDeCorbeille(found.cacheLe, fuseau(collectivite)))}`,
          },
        ]
      : []),
    ...(found.gelMotif
      ? [{ cle: 'Effacement suspendu', valeur: `${found.gelLe ? `Le ${quand(found.gelLe)} : ` : ''}${found.gelMotif}` }]
      : []),
    ...(found.remisLe ? [{ cle: 'Remis aux archives', valeur: `Le ${quand(found.remisLe)}` }] : []),
  ]
}

/** POST …/suspension: suspends the erasure with a reason, or lets it go on. */
export function suspendre(ctx: Context): Promise<Answer> {
  const reprendre = ctx.form.line('reprendre', 3) === 'oui'
  return agir(
    ctx,
    reprendre ? 'reprise' : 'suspension',
    cas => geler(cas, reprendre ? null : ctx.form.text('motif', 500)),
    refusal => lire(ctx, cas => laPage(ctx, cas, refusal)),
    { vers: () => `${adresseDuDossier(ctx)}/conservation` },
  )
}

/** POST …/remise: an agent says that the archives have it. */
export const remettre = (ctx: Context): Promise<Answer> =>
  agir(ctx, 'remise', noterRemise, refusal => lire(ctx, cas => laPage(ctx, cas, refusal)), {
    vers: () => `${adresseDuDossier(ctx)}/conservation`,
  })

/** GET …/archives.zip: the dossier as data and as a page, with its files: what the archives receive. A reading of the dossier. Files that no longer open are named with why. */
export function enregistrerPourArchives(ctx: Context): Promise<Answer> {
  return lire(ctx, async cas => {
    const { dossier, collectivite } = cas
    const contenu = await contenuDuDossier(cas, 'mairie')
    await noterLecture(ctx, cas.tx, 'archives.lire', `dossier:${dossier.id}`)
    const now = ctx.app.clock.now()
    const text = (path: string, content: string): Entry => ({ path, at: now, open: async () => Readable.from([Buffer.from(content)]) })
    const { presents, absents } = await trierLesFichiers(cas.tx, collectivite.id, await fichiersJoints(cas, []))
    const complet = absents.length > 0 ? { ...contenu, fichiersAbsents: absents } : contenu
    const paths = safePaths(presents.map(({ dans, nom }) => [dans, nom]))
    const entries = presents.map(({ id }, rank): Entry => {
      return { path: paths[rank]!, at: now, isCompressed: true, open: () => ouvrirPourArchive(ctx.app, collectivite.id, id) }
    })
    return {
      file: {
        stream: zip([
          text('dossier.json', `${JSON.stringify(complet, null, 2)}\n`),
          text('dossier.html', versionHtml(`Dossier ${dossier.reference}`, [complet])),
          ...entries,
        ]),
        name: `archives-${dossier.reference}.zip`,
        type: 'application/zip',
      },
    }
  })
}
