import type { Context } from '../../../../platform/http/route.ts'
import { newSecret } from '../../../../platform/ids.ts'
import { Actions, Button, ButtonLink, Details, ErrorSummary, Form, Notice, StepIndicator, SummaryList } from '../../../../ui/index.ts'
import type { Modele } from '../../../demarches/index.ts'
import {
  ChampsDeLEtape,
  type Env,
  type Erreur,
  type Etape,
  type EtapeVue,
  ineligibility,
  type Ligne,
  parcours,
  type Reponses,
  type Saisie,
} from '../../../formulaires/index.ts'
import { type Collectivite, pageDe } from '../../../territoire/index.ts'
import { type Provenances, provenanceDe } from '../../provenances.ts'
import type { Report } from '../../tables.ts'
import { BandeauDEssai, Changements } from './changements.page.tsx'
import { Reprise, type RepriseProps } from './reprendre.page.tsx'

/** What a page of a form shows. */
export interface VueEtape {
  readonly collectivite: Collectivite
  readonly modele: Modele
  readonly env: Env
  readonly reponses: Reponses
  readonly etape: Etape
  readonly rowId?: string | undefined
  readonly saisie?: Saisie | undefined
  readonly erreurs?: readonly Erreur[]
  readonly action: string
  /** Absent before the first page is sent: nothing is kept yet. */
  readonly brouillon?: { readonly base: string; readonly reference: string; readonly code: string } | undefined
  /** Where answers that were not typed come from. */
  readonly provenances?: Provenances | undefined
  /** On the first page: what the person said of themselves in an earlier dossier, to take again or not. */
  readonly reprise?: RepriseProps | undefined
  /** What a change of the démarche did to the draft, until it is read. */
  readonly report?: Report | null | undefined
  /** The démarche that an agent tries: nothing will be filed. */
  readonly essai?: string | undefined
  /** Where « Précédent » leads. */
  readonly precedent?: string | undefined
}

const taille = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} Mo`

/** The page of one étape, or of one row of it. 422 when it has errors: the caller gives the status. */
export function pageEtape(ctx: Context, vue: VueEtape): Promise<string> {
  const { modele, etape, reponses, env, collectivite, erreurs = [] } = vue
  const etapes = parcours(modele.formulaire, reponses, env)
  const rank = etapes.findIndex(e => e.etape.id === etape.id)
  const refus = ineligibility(modele.formulaire, reponses, env)
  const hasFiles = etape.champs.some(champ => champ.type === 'piece')
  const base = vue.brouillon ? `${vue.brouillon.base}/etapes/${etape.id}${vue.rowId ? `/lignes/${vue.rowId}` : ''}` : ''
  return pageDe(ctx.app, collectivite, {
    title: titreEtape(etape, vue.rowId, reponses),
    hasErrors: erreurs.length > 0,
    enhanced: true,
    noindex: vue.brouillon !== undefined,
    chemin: [
      { texte: collectivite.nom, href: collectivite.base || '/' },
      { texte: modele.titre, href: `${collectivite.base}/demarches/${modele.id}` },
    ],
    children: (
      <>
        <StepIndicator
          etape={Math.max(1, rank + 1)}
          total={etapes.length + 1}
          suivante={etapes[rank + 1]?.etape.titre ?? 'Vérifier et envoyer'}
        />
        <EnTete ctx={ctx} vue={vue} />
        {refus.map(text => (
          <Notice key={text} tone="attention" title="Avec ces réponses, la demande n’est pas possible">
            <p>{text}</p>
          </Notice>
        ))}
        {vue.reprise && <Reprise {...vue.reprise} />}
        {etape.intro && <p>{etape.intro}</p>}
        <Form action={vue.action} jeton={ctx.token} cle={newSecret()} multipart={hasFiles} obligatoires>
          <ChampsDeLEtape
            formulaire={modele.formulaire}
            etape={etape}
            rowId={vue.rowId}
            reponses={reponses}
            env={env}
            saisie={vue.saisie}
            erreurs={erreurs}
            maximumPiece={taille(ctx.app.config.maxFileBytes)}
            retirerPiece={base ? `${base}/pieces` : undefined}
            recherche={`${collectivite.base}/recherche`}
            provenance={vue.provenances && (champ => provenanceDe(vue.provenances!, champ, vue.rowId))}
          />
          <Actions>
            <Button>Enregistrer et continuer</Button>
            {vue.precedent && (
              <ButtonLink href={vue.precedent} tone="secondary">
                Précédent
              </ButtonLink>
            )}
          </Actions>
        </Form>
        {vue.brouillon && !vue.essai && <Reprendre collectivite={collectivite} brouillon={vue.brouillon} />}
        {!vue.essai && (
          <p>
            <a href={`${collectivite.base}/demarches/${modele.id}/papier`}>Faire cette demande sur papier</a>
          </p>
        )}
      </>
    ),
  })
}

/** What every page of a form says first: what is wrong, that nothing will be filed, what changed. */
function EnTete({ ctx, vue }: { ctx: Context; vue: VueEtape }) {
  const { erreurs = [], essai, brouillon, collectivite, report } = vue
  return (
    <>
      {erreurs.length > 0 && <ErrorSummary errors={erreurs} />}
      {essai && <BandeauDEssai collectivite={collectivite} demarcheId={essai} />}
      {brouillon && <Changements base={brouillon.base} report={report} jeton={ctx.token} />}
    </>
  )
}

function titreEtape(etape: Etape, rowId: string | undefined, reponses: Reponses): string {
  if (!etape.repetition || !rowId) return etape.titre
  const rows = reponses.lignes[etape.id] ?? []
  const at = rows.findIndex(row => row.id === rowId)
  return `${etape.titre} (${(at < 0 ? rows.length : at) + 1})`
}

function Reprendre({ collectivite, brouillon }: { collectivite: Collectivite; brouillon: { reference: string; code: string } }) {
  return (
    <Details titre="Continuer plus tard, ou sur un autre appareil">
      <p>
        Vos réponses sont gardées à chaque page. Notez ces deux codes, puis allez sur la page{' '}
        <a href={`${collectivite.base}/suivi`}>Suivre ou reprendre une demande</a>.
      </p>
      <SummaryList
        rows={[
          { cle: 'Référence', valeur: brouillon.reference },
          { cle: 'Code', valeur: brouillon.code },
        ]}
      />
      <p>Sans activité pendant trois mois, la demande commencée est effacée.</p>
    </Details>
  )
}

/** The page of a repeated étape: the rows filled in so far, and another one or on to the next page. */
export function pageLignes(
  ctx: Context,
  vue: Omit<VueEtape, 'rowId' | 'saisie'> & { readonly lignes: EtapeVue['lignes']; readonly brouillon: NonNullable<VueEtape['brouillon']> },
): Promise<string> {
  const { modele, etape, collectivite, erreurs = [], lignes, reponses, env } = vue
  const repetition = etape.repetition!
  const base = `${vue.brouillon.base}/etapes/${etape.id}`
  const etapes = parcours(modele.formulaire, reponses, env)
  const rank = etapes.findIndex(e => e.etape.id === etape.id)
  const precedent = vue.precedent && (
    <ButtonLink href={vue.precedent} tone="secondary">
      Précédent
    </ButtonLink>
  )
  const nouvelle = `${base}/lignes/${newSecret()
    .slice(0, 16)
    .replace(/[^A-Za-z0-9]/g, '0')}`
  return pageDe(ctx.app, collectivite, {
    title: etape.titre,
    hasErrors: erreurs.length > 0,
    enhanced: true,
    noindex: true,
    chemin: [
      { texte: collectivite.nom, href: collectivite.base || '/' },
      { texte: modele.titre, href: `${collectivite.base}/demarches/${modele.id}` },
    ],
    children: (
      <>
        <StepIndicator etape={rank + 1} total={etapes.length + 1} suivante={etapes[rank + 1]?.etape.titre ?? 'Vérifier et envoyer'} />
        <EnTete ctx={ctx} vue={vue} />
        {etape.intro && <p>{etape.intro}</p>}
        <p id={etape.id}>
          {lignes.length === 0
            ? 'Rien n’est ajouté pour l’instant.'
            : `${lignes.length} ${lignes.length > 1 ? repetition.nom.pluriel : repetition.nom.singulier}.`}
        </p>
        {lignes.map((ligne, index) => (
          <Form
            key={ligne.id}
            action={`${base}/lignes/${ligne.id}/suppression`}
            jeton={ctx.token}
            cle={newSecret()}
            label={ligne.titre || `${index + 1}`}
          >
            <h2>{ligne.titre || `${repetition.nom.singulier} ${index + 1}`}</h2>
            <Actions>
              <ButtonLink href={`${base}/lignes/${ligne.id}`} tone="secondary">
                {`Modifier ${ligne.titre || index + 1}`}
              </ButtonLink>
              <Button tone="quiet">{`Retirer ${ligne.titre || index + 1}`}</Button>
            </Actions>
          </Form>
        ))}
        {lignes.length < repetition.max && (
          <p>
            <ButtonLink href={nouvelle} tone={lignes.length === 0 ? 'primary' : 'secondary'}>
              {lignes.length === 0 ? `Ajouter (${repetition.nom.singulier})` : `Ajouter encore (${repetition.nom.singulier})`}
            </ButtonLink>
          </p>
        )}
        {lignes.length > 0 ? (
          <Form action={vue.action} jeton={ctx.token} cle={newSecret()}>
            <Actions>
              <Button>Continuer</Button>
              {precedent}
            </Actions>
          </Form>
        ) : (
          <Actions>{precedent}</Actions>
        )}
        {!vue.essai && <Reprendre collectivite={collectivite} brouillon={vue.brouillon} />}
      </>
    ),
  })
}

/** A row that is not filled in yet. */
export const ligneVide = (id: string): Ligne => ({ id, champs: {} })
