import { sql } from 'kysely'
import { civilDay } from '../../../platform/clock.ts'
import type { Answer, Context } from '../../../platform/http/route.ts'
import { newSecret } from '../../../platform/ids.ts'
import type { Refusal } from '../../../platform/refusal.ts'
import type { FieldError } from '../../../ui/index.ts'
import { pageAgent } from '../../agents/index.ts'
import { dates } from '../../formulaires/index.ts'
import { collectiviteDe, fuseau } from '../../territoire/index.ts'
import { ajouterListe } from '../commands/enregistrer-liste.ts'
import { lireTable, type ProblemeDeFichier } from '../csv.ts'
import { bornesDeListe, composer } from '../liste.ts'
import { listes } from '../queries/listes.ts'
import type { ReferentielRow } from '../tables.ts'
import { adresseDeLaListe, adresseDesListes, agir, auteurDe, cheminDe, enErreurs, lireDans, lireEnvoi } from './acces.ts'
import { PageDeFichier, type SaisieDeFichier } from './fichier.page.tsx'
import { PageDesListes } from './listes.page.tsx'

/** GET: the lists of the collectivité. */
export async function montrerListes(ctx: Context): Promise<Answer> {
  const lire = lireDans(ctx)
  const [rows, files] = await Promise.all([
    lire(listes(ctx.tenant.id)),
    lire(
      sql<{
        adresses: number
        importe_le: Date
      }>`select adresses, importe_le from fichier_adresses where collectivite_id = ${ctx.tenant.id}`,
    ),
  ])
  return pageAgent(
    ctx,
    {
      title: 'Listes',
      chemin: cheminDe(ctx).slice(0, 1),
      children: (
        <PageDesListes
          adresse={adresseDesListes(ctx)}
          fait={ctx.query.line('fait', 20) === 'suppression' ? 'La liste est supprimée.' : undefined}
          lignes={rows.map(row => ({
            nom: row.nom,
            href: adresseDeLaListe(ctx, row.id),
            nature: row.nature === 'api' ? 'API' : 'Fichier',
            contenu: contenuDe(row),
            date: jour(ctx, row.modifie_le),
          }))}
          adresses={phraseDesAdresses(ctx, files[0])}
        />
      ),
    },
    ctx.agent,
  )
}

const contenuDe = ({ nature, lignes }: ReferentielRow): string =>
  nature === 'api' ? 'demandé à chaque fois' : lignes === 1 ? '1 ligne' : `${lignes.toLocaleString('fr-FR')} lignes`

const jour = (ctx: Context, instant: Date): string => dates.longDate(civilDay(instant, fuseau(collectiviteDe(ctx))))

function phraseDesAdresses(ctx: Context, file: { adresses: number; importe_le: Date } | undefined): string {
  if (file)
    return `Le fichier d’adresses de la commune compte ${file.adresses.toLocaleString('fr-FR')} adresses. Il a été importé le ${jour(ctx, file.importe_le)}.`
  const else_ = ctx.app.config.geocodeur
    ? 'Les adresses sont cherchées dans le service national.'
    : 'Les adresses sont gardées telles que tapées, sans vérification.'
  return `Aucun fichier d’adresses de la commune (Base Adresse Locale) n’est importé. ${else_}`
}

/** GET: where to add a list from a file. */
export const montrerAjout = (ctx: Context): Promise<Answer> => pageDAjout(ctx, { nom: '', cle: '', libelle: '' }, [], [], 200)

function pageDAjout(
  ctx: Context,
  saisie: SaisieDeFichier,
  erreurs: readonly FieldError[],
  problemes: readonly ProblemeDeFichier[],
  status: number,
): Promise<Answer> {
  return pageAgent(
    ctx,
    {
      title: 'Ajouter une liste',
      hasErrors: status !== 200,
      chemin: cheminDe(ctx),
      children: (
        <PageDeFichier
          action={adresseDesListes(ctx)}
          jeton={ctx.token}
          cle={newSecret()}
          saisie={saisie}
          erreurs={erreurs}
          problemes={problemes}
        />
      ),
    },
    ctx.agent,
    status,
  )
}

/** POST: adds a list from a file; every reason is listed when it cannot be read, and nothing is kept then. */
export async function ajouter(ctx: Context): Promise<Answer> {
  const { form, bytes, erreur } = await lireEnvoi(ctx)
  const saisie = { nom: form.line('nom', 100), cle: form.line('colonneCle', 60), libelle: form.line('colonneLibelle', 60) }
  const unnamed =
    saisie.nom.length < 2 ? [{ champ: 'nom', message: 'Donnez un nom à la liste, par exemple « Écoles de la commune ».' }] : []
  if (!bytes)
    return pageDAjout(ctx, saisie, [...unnamed, ...(erreur ? [erreur] : [])], [], erreur?.message.startsWith('Ce fichier') ? 413 : 422)
  const lue = composer(lireTable(bytes, bornesDeListe), saisie)
  if (!lue.ok || unnamed.length > 0) return pageDAjout(ctx, saisie, unnamed, lue.ok ? [] : lue.problemes, 422)
  return agir(
    ctx,
    form,
    { ...saisie, entrees: lue.liste.entrees },
    async tx => {
      const made = await ajouterListe(tx, auteurDe(ctx), saisie.nom, lue.liste)
      return made.ok ? { ok: true, value: `${adresseDeLaListe(ctx, made.value)}?fait=ajout` } : made
    },
    (refusal: Refusal) => pageDAjout(ctx, saisie, enErreurs(refusal, 'nom'), [], refusal.status),
  )
}
