import type { Tx } from '../../../platform/db/open.ts'
import { type Answer, type Context, refused } from '../../../platform/http/route.ts'
import { newSecret } from '../../../platform/ids.ts'
import { courrierPdf } from '../../../platform/pdf/courrier.ts'
import { ok, type Refusal, refuse } from '../../../platform/refusal.ts'
import type { FieldError, SelectOption } from '../../../ui/index.ts'
import { pageAgent } from '../../agents/index.ts'
import { conditions } from '../../demarches/index.ts'
import { collectiviteDe } from '../../territoire/index.ts'
import { enregistrerGabarit, retirerGabarit } from '../commands/gabarits.ts'
import { AGENT, estCourrier, estMessage } from '../gabarit.ts'
import { fautesDe, marquesPour } from '../marques.ts'
import { courrierDuDocument, enTete } from '../pdf/lettre.ts'
import { signataire, signataires } from '../queries/signataires.ts'
import { refusals } from '../refusals.ts'
import { composerSpecimen, phraseDeCondition } from '../specimen.ts'
import { adresseDuModele, agir, auteurDe, cheminDe, jour, lire, type Ouvert } from './acces.ts'
import { PageDuModele, type PageDuModeleProps } from './modele.page.tsx'
import { cibles, contenuSaisi, faireGeste, lireSaisie, type Saisie, saisieDe } from './saisie.ts'

const FAITS: Readonly<Record<string, string>> = {
  creation: 'Le modèle est créé avec le texte actuel. Rien ne change tant que vous n’y touchez pas.',
  enregistrement: 'Cette version est enregistrée : elle sert dès maintenant.',
  reprise: 'L’ancienne version est reprise : elle sert dès maintenant.',
  retrait: 'Le texte d’origine a repris sa place.',
  retablissement: 'Ce modèle est de nouveau en service.',
}

const FAITS_DU_COURRIER: Readonly<Record<string, string>> = {
  creation: 'Le courrier est créé. Écrivez son titre et son texte, puis enregistrez.',
  enregistrement: 'Cette version est enregistrée : les agents peuvent s’en servir.',
  reprise: 'L’ancienne version est reprise : les agents peuvent s’en servir.',
  retrait: 'Ce courrier n’est plus proposé.',
  retablissement: 'Ce courrier est de nouveau proposé.',
}

/** GET: the text as it is saved. What no longer holds, since the démarche changed, is told at once. */
export const montrerModele = (ctx: Context): Promise<Answer> =>
  lire(ctx, (ouvert, tx) =>
    pageDuModele(ctx, tx, ouvert, saisieDe(ouvert.row.contenu), fautesDe(ouvert.row.contenu, ouvert.usage, ouvert.modele), {
      fait: (estCourrier(ouvert.usage) ? FAITS_DU_COURRIER : FAITS)[ctx.query.line('fait', 20)],
    }),
  )

/** POST …/essai: what a button of the page does to what is typed; nothing is written. */
export const essayer = (ctx: Context): Promise<Answer> =>
  lire(ctx, (ouvert, tx) => {
    const { form } = ctx
    const geste = form.line('geste', 20)
    const known = new Set(marquesPour(ouvert.usage, ouvert.modele).map(({ id }) => id))
    const donnees = ['donnee0', 'donnee1', 'donnee2'].map(name => form.line(name, 80)).filter(id => known.has(id))
    const saisie = faireGeste(lireSaisie(form, ouvert.usage, ouvert.modele), geste, donnees, form.line('cible', 10))
    const { contenu, erreurs } = contenuSaisi(saisie, ouvert.usage, ouvert.modele)
    // A text in the making is not judged at each button: only when its result is asked for, and a condition that cannot be read.
    const shown = geste === 'voir' ? erreurs : saisie.boites ? [saisie.boites.erreur] : []
    const apercu = geste === 'voir' && erreurs.length === 0 ? composerSpecimen(contenu, ouvert.usage, ouvert.modele) : undefined
    return pageDuModele(ctx, tx, ouvert, saisie, shown, { apercu, estTape: true })
  })

/** POST: saves the next version, or gives back what was typed with each place to mend. */
export function enregistrer(ctx: Context): Promise<Answer> {
  let erreurs: readonly FieldError[] = []
  return agir(
    ctx,
    async ({ row, usage, modele }, tx) => {
      const read = contenuSaisi(lireSaisie(ctx.form, usage, modele), usage, modele)
      erreurs = read.erreurs
      if (erreurs.length > 0) return refuse(refusals.gabarit_incomplet)
      const { signataire: signer, signataires: others = [] } = read.contenu
      const wanted = [...(signer ? [signer] : []), ...others].filter(id => id !== AGENT)
      const known = new Set((await signataires(tx, ctx.tenant.id)).map(({ id }) => id))
      if (wanted.some(id => !known.has(id))) {
        erreurs = [{ champ: 'signataire', message: 'Choisissez qui signe dans la liste.' }]
        return refuse(refusals.gabarit_incomplet)
      }
      const saved = await enregistrerGabarit(
        ctx.app,
        tx,
        auteurDe(ctx),
        row.id,
        ctx.form.number('version', 0, 0, 1e6),
        read.contenu,
        modele,
      )
      return saved.ok ? ok(`${adresseDuModele(ctx)}?fait=enregistrement`) : saved
    },
    refusal =>
      lire(ctx, (ouvert, tx) =>
        pageDuModele(
          ctx,
          tx,
          ouvert,
          lireSaisie(ctx.form, ouvert.usage, ouvert.modele),
          erreurs.length > 0 ? erreurs : [{ champ: '', message: refusal.sentence }],
          { estTape: true, refusal },
        ),
      ),
  )
}

/** POST …/retrait and …/retablissement. */
export const mettre = (sens: 'retirer' | 'remettre') => (ctx: Context) =>
  agir(ctx, async ({ row }, tx) => {
    const done = await retirerGabarit(ctx.app, tx, auteurDe(ctx), row, sens)
    return done.ok ? ok(`${adresseDuModele(ctx)}?fait=${sens === 'retirer' ? 'retrait' : 'retablissement'}`) : done
  })

/** GET …/specimen: the last version saved, as a PDF with the name of each datum in its place. */
export const montrerSpecimen = (ctx: Context): Promise<Answer> =>
  lire(ctx, async ({ row, usage, modele }, tx) => {
    if (estMessage(usage) || fautesDe(row.contenu, usage, modele).length > 0) return refused(refusals.specimen_impossible)
    const signer = row.contenu.signataire ? await signataire(tx, ctx.tenant.id, row.contenu.signataire) : undefined
    const entete = enTete(collectiviteDe(ctx), ctx.app.clock.now(), {
      destinataire: { nom: '[Nom de la personne]', lignes: ['[Adresse de la personne]'] },
      reference: '[Référence du dossier]',
      demonstration: ctx.app.config.demonstration,
    })
    const isGranted = usage.includes('.accepter')
    const courrier = courrierDuDocument(
      entete,
      { ...composerSpecimen(row.contenu, usage, modele), signataire: signer },
      {
        faits: estCourrier(usage) ? [] : [{ cle: 'Démarche', valeur: modele?.titre ?? '[Nom de la démarche]' }],
        motif:
          estCourrier(usage) || usage.endsWith('_auto')
            ? undefined
            : { titre: isGranted ? 'Précisions' : 'Motif', texte: '[Motif écrit par l’agent]' },
        recours: isGranted || estCourrier(usage) ? undefined : (modele?.recours ?? '[Voies de recours de la démarche]'),
        auteur: {
          qualite: '[Service chargé de la demande]',
          nom: estCourrier(usage) ? '[Nom de l’agent qui écrit]' : '[Nom de l’agent qui décide]',
        },
      },
    )
    const headers = { 'content-disposition': `attachment; filename="specimen-${usage.replace('.', '-')}.pdf"` }
    return { bytes: Buffer.from(courrierPdf({ ...courrier, specimen: true })), type: 'application/pdf', headers }
  })

interface Montrer {
  readonly fait?: string | undefined
  readonly apercu?: PageDuModeleProps['apercu']
  /** What is shown was typed, not saved. */
  readonly estTape?: boolean
  readonly refusal?: Refusal
}

async function pageDuModele(
  ctx: Context,
  tx: Tx,
  ouvert: Ouvert,
  saisie: Saisie,
  erreurs: readonly FieldError[],
  montrer: Montrer,
): Promise<Answer> {
  const { row, usage, modele } = ouvert
  // The version that was read, so that somebody else's meanwhile is met at saving; once told, the one that is there.
  const version =
    montrer.estTape && montrer.refusal?.code !== refusals.gabarit_perime.code
      ? ctx.form.number('version', row.version, 0, row.version)
      : row.version
  const children = (
    <PageDuModele
      adresse={adresseDuModele(ctx)}
      jeton={ctx.token}
      cle={newSecret}
      version={version}
      saisie={saisie}
      erreurs={erreurs}
      fait={montrer.fait}
      etat={{ phrase: etatDe(ctx, ouvert), estRetire: row.retire_le !== null }}
      estMessage={estMessage(usage)}
      estCourrier={estCourrier(usage)}
      phrases={saisie.blocs.map(({ si }) => phraseDeCondition(si, modele))}
      donnees={donneesDe(ouvert)}
      cibles={cibles(saisie, usage)}
      signataires={await choixDesSignataires(ctx, tx)}
      condition={modele ? conditionDe(saisie, modele) : undefined}
      apercu={montrer.apercu}
    />
  )
  return pageAgent(
    ctx,
    { title: ouvert.nom, hasErrors: montrer.estTape === true && erreurs.length > 0, chemin: cheminDe(ctx), children },
    ctx.agent,
    montrer.refusal?.status ?? (montrer.estTape && erreurs.length > 0 ? 422 : 200),
  )
}

function etatDe(ctx: Context, { row, usage }: Ouvert): string {
  if (row.retire_le && estCourrier(usage)) return `Ce courrier n’est plus proposé depuis le ${jour(ctx, row.retire_le)}.`
  if (row.retire_le) return `Ce modèle ne sert plus depuis le ${jour(ctx, row.retire_le)} : le texte d’origine le remplace.`
  if (estCourrier(usage))
    return `Version ${row.version}, enregistrée le ${jour(ctx, row.le)}. Les agents peuvent commencer un courrier avec elle.`
  return `Version ${row.version}, enregistrée le ${jour(ctx, row.le)}. Elle sert aux prochains documents et messages.`
}

function donneesDe({ usage, modele }: Ouvert): SelectOption[][] {
  const option = ({ id, libelle }: { id: string; libelle: string }) => ({ value: id, label: libelle })
  const always = marquesPour(usage, null).map(option)
  const answers = modele ? marquesPour(usage, modele).slice(always.length).map(option) : []
  const pages = Array.from({ length: Math.ceil(answers.length / 50) }, (_, page) => answers.slice(page * 50, page * 50 + 50))
  return [always, ...pages]
}

async function choixDesSignataires(ctx: Context, tx: Tx): Promise<SelectOption[]> {
  const found = await signataires(tx, ctx.tenant.id)
  return found.filter(({ retire_le }) => retire_le === null).map(({ id, nom, qualite }) => ({ value: id, label: `${nom}, ${qualite}` }))
}

function conditionDe({ blocs, ouvert, boites }: Saisie, { formulaire }: NonNullable<Ouvert['modele']>): PageDuModeleProps['condition'] {
  const repeated = new Set(formulaire.etapes.flatMap(({ repetition, champs }) => (repetition ? champs.map(({ id }) => id) : [])))
  const si = ouvert === undefined ? undefined : blocs[ouvert]?.si
  return {
    formulaire,
    sujets: conditions.sujetsPour(formulaire, id => !repeated.has(id)),
    etat: boites?.etat ?? conditions.etatDe(si, formulaire),
  }
}
