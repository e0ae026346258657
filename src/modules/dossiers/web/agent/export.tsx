import { inTenant, type Tx } from '../../../../platform/db/open.ts'
import { once } from '../../../../platform/http/once.ts'
import { type Answer, type Context, notFound } from '../../../../platform/http/route.ts'
import { isUuid, newSecret } from '../../../../platform/ids.ts'
import { ok, type Refusal, refuse } from '../../../../platform/refusal.ts'
import { pageAgent } from '../../../agents/index.ts'
import { demanderExport, garderModele, supprimerModele } from '../../commands/export.ts'
import { FAITS_PAR_DEFAUT } from '../../exports/colonnes.ts'
import { FORMATS, type FormatDExport, LIBELLES_DES_FORMATS, LIGNES_IMMEDIATES } from '../../exports/format.ts'
import { colonnesPossibles } from '../../queries/export.ts'
import { dossiersDeLaVue } from '../../queries/file-d-instruction.ts'
import { type ModeleDExport, modelesDExport } from '../../queries/modeles-export.ts'
import { adresseDuChoix, type Choix } from '../../recherche/choix.ts'
import { adresseDesDossiers, enErreur } from './acces.ts'
import { champsDuChoix, choixDemande, choixDuTexte, filtreDuChoix } from './choix.ts'
import { conditionsEnMots } from './conditions-mots.ts'
import { Export, type ExportProps } from './export.page.tsx'
import { qui } from './lot.tsx'
import { nombreDeDossiers } from './mots.ts'

/** GET /agent/exports: the list that one looks at, or that of a saved export (`modele`), to take it out. */
export const montrerExport = (ctx: Context): Promise<Answer> =>
  inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    const modeles = await modelesDExport(tx, ctx.tenant.id, ctx.agent.id)
    const modele = modeles.find(({ id }) => id === ctx.query.line('modele', 40))
    const choix = modele?.choix ?? (await choixDemande(ctx, tx)).choix
    return laPage(ctx, tx, modeles, choix, modele ?? { format: parDefaut(choix) })
  })

const parDefaut = (choix: Choix): FormatDExport => ({
  format: 'csv',
  colonnes: [...FAITS_PAR_DEFAUT, ...choix.colonnes.map(id => `c.${id}`)],
  repetitions: 'jointes',
})

/** POST /agent/exports: asks for it, or keeps it as a model. */
export function demander(ctx: Context): Promise<Answer> {
  const { _jeton, ...body } = ctx.form.fields
  const choix = choixDuTexte(ctx.form.line('choix', 2000))
  const format = formatDemande(ctx)
  const nom = ctx.form.line('nom', 60)
  const estPartage = ctx.form.has('partage')
  return once(
    ctx,
    ctx.form.secret('_cle', 64),
    body,
    async tx => {
      if (ctx.form.line('faire', 10) === 'garder') {
        const kept = await garderModele(qui(ctx, tx), { nom, estPartage, choix, format })
        return kept.ok ? ok({ to: `${adresse(ctx)}?modele=${kept.value}&fait=garde` }) : kept
      }
      const asked = await demanderExport(qui(ctx, tx), choix, format, await compter(ctx, tx, choix))
      return asked.ok ? ok({ to: `${ctx.tenant.base}/agent/lots/${asked.value}` }) : asked
    },
    {
      onRefusal: refusal =>
        inTenant(ctx.app.db, ctx.tenant.id, async tx =>
          laPage(ctx, tx, await modelesDExport(tx, ctx.tenant.id, ctx.agent.id), choix, { format, nom, estPartage }, refusal),
        ),
    },
  )
}

/** POST /agent/exports/modeles/:id/suppression: one's own. */
export const supprimerLeModele = (ctx: Context): Promise<Answer> =>
  once(ctx, ctx.form.secret('_cle', 64), 'suppression', async tx => {
    const id = ctx.params.id
    if (!isUuid(id) || !(await supprimerModele(qui(ctx, tx), id))) return refuse(notFound)
    return ok({ to: `${adresse(ctx)}?fait=supprime` })
  })

const adresse = (ctx: Context): string => `${ctx.tenant.base}/agent/exports`

// Boxes of each group have a name of their own; the order is that of the page.
function formatDemande({ form }: Context): FormatDExport {
  const asked = form.line('format', 20)
  return {
    format: FORMATS.find(format => format === asked) ?? 'csv',
    colonnes: ['col', 'col-1', 'col-2'].flatMap(name => form.all(name, 64)),
    repetitions: form.line('repetitions', 10) === 'feuilles' ? 'feuilles' : 'jointes',
  }
}

async function compter(ctx: Context, tx: Tx, choix: Choix): Promise<number> {
  const filtre = await filtreDuChoix(ctx, tx, choix, await champsDuChoix(tx, ctx.tenant.id, choix))
  return (await dossiersDeLaVue(tx, ctx.tenant.id, filtre, LIGNES_IMMEDIATES + 1)).length
}

const FAITS: Readonly<Record<string, string>> = { garde: 'Le modèle est enregistré.', supprime: 'Le modèle est supprimé.' }

type Demande = { readonly format: FormatDExport; readonly nom?: string; readonly estPartage?: boolean }

async function laPage(
  ctx: Context,
  tx: Tx,
  modeles: readonly ModeleDExport[],
  choix: Choix,
  demande: Demande,
  refusal?: Refusal,
): Promise<Answer> {
  const liste = `${adresseDesDossiers(ctx)}?${adresseDuChoix(choix) || 'etat='}`
  const total = await compter(ctx, tx, choix)
  const props = await exportProps(ctx, tx, modeles, choix, demande, total)
  const children = (
    <Export {...props} erreurs={refusal ? [enErreur(refusal)] : []} fait={refusal ? undefined : FAITS[ctx.query.line('fait', 10)]} />
  )
  return pageAgent(
    ctx,
    { title: 'Exporter', hasErrors: refusal !== undefined, chemin: [{ texte: 'Dossiers', href: liste }], children },
    ctx.agent,
    refusal?.status ?? 200,
  )
}

async function exportProps(
  ctx: Context,
  tx: Tx,
  modeles: readonly ModeleDExport[],
  choix: Choix,
  { format, nom = '', estPartage = false }: Demande,
  total: number,
): Promise<Omit<ExportProps, 'erreurs' | 'fait'>> {
  const possible = await colonnesPossibles(tx, ctx.tenant.id, choix.demarche)
  const conditions = await conditionsEnMots(tx, ctx.tenant.id, choix, await champsDuChoix(tx, ctx.tenant.id, choix), () => '')
  const options = (groupe: (typeof possible)[number]['groupe']) =>
    possible
      .filter(column => column.groupe === groupe)
      .map(({ cle, titre, repetee }) => ({ value: cle, label: repetee ? `${titre} (${repetee.titre})` : titre }))
  const groupes = [
    { titre: 'Le dossier', hint: undefined, options: options('dossier') },
    { titre: 'Les réponses', hint: undefined, options: options('reponses') },
    {
      titre: 'Les annotations des agents',
      hint: 'La personne ne les voit jamais : attention à qui reçoit le fichier.',
      options: options('annotations'),
    },
  ]
  return {
    action: adresse(ctx),
    jeton: ctx.token,
    cle: newSecret,
    nombre: nombreDeDossiers(total, LIGNES_IMMEDIATES),
    conditions: conditions.map(({ texte }) => texte),
    estLong: total > LIGNES_IMMEDIATES,
    choix: adresseDuChoix(choix),
    aUneDemarche: choix.demarche !== '',
    formats: FORMATS.map(value => ({ value, label: LIBELLES_DES_FORMATS[value].nom, hint: LIBELLES_DES_FORMATS[value].aide })),
    format: format.format,
    groupes: groupes.filter(groupe => groupe.options.length > 0),
    colonnes: format.colonnes,
    aDesRepetitions: possible.some(({ repetee }) => repetee !== undefined),
    repetitions: format.repetitions,
    ...{ nom, estPartage },
    modeles: modeles.map(one => ({
      id: one.id,
      nom: one.nom,
      href: `${adresse(ctx)}?modele=${one.id}`,
      estAMoi: one.agentId === ctx.agent.id,
      estPartage: one.estPartage,
    })),
  }
}
