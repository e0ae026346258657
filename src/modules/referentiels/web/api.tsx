import type { Form } from '../../../platform/http/form.ts'
import type { Answer, Context } from '../../../platform/http/route.ts'
import { newSecret } from '../../../platform/ids.ts'
import { Actions, ButtonLink, type FieldError, Notice } from '../../../ui/index.ts'
import { pageAgent } from '../../agents/index.ts'
import { type Api, schemaApi } from '../api.ts'
import { declarerApi } from '../commands/enregistrer-liste.ts'
import { demanderJson, type Raison } from '../exterieur/demander-json.ts'
import { demanderALApi } from '../queries/listes.ts'
import { scellerSecret } from '../secret.ts'
import type { ReferentielRow } from '../tables.ts'
import { adresseDeLaListe, adresseDesListes, agir, auteurDe, avecLaListe, cheminDe, enErreurs } from './acces.ts'
import { EssaiDApi, type EssaiProps, FormulaireDApi, type SaisieDApi } from './api.page.tsx'

const RAISONS: Readonly<Record<Raison, string>> = {
  interne: 'Cette adresse mène à un réseau interne, ou n’est pas en https : Parvis refuse de l’appeler.',
  delai: 'Le service n’a pas répondu en deux secondes.',
  lourd: 'La réponse est trop lourde : 500 ko au plus. Demandez moins de résultats dans l’adresse.',
  statut: 'Le service a refusé la demande. Vérifiez l’adresse et le secret.',
  illisible: 'La réponse n’est pas du JSON.',
  injoignable: 'Le service ne répond pas à cette adresse, ou son certificat n’est pas valable.',
}

/** GET: where to declare an API. */
export const montrerDeclaration = (ctx: Context): Promise<Answer> => pageDeDeclaration(ctx, vide, [], 200)

const vide: SaisieDApi = { nom: '', url: '', entete: '', resultats: '', cle: '', libelle: '', valeurs: '' }

function pageDeDeclaration(ctx: Context, saisie: SaisieDApi, erreurs: readonly FieldError[], status: number): Promise<Answer> {
  const action = `${adresseDesListes(ctx)}/api`
  return pageAgent(
    ctx,
    {
      title: 'Déclarer une API',
      hasErrors: erreurs.length > 0,
      chemin: cheminDe(ctx),
      children: (
        <FormulaireDApi
          action={action}
          jeton={ctx.token}
          cle={newSecret()}
          saisie={saisie}
          aUnSecret={false}
          erreurs={erreurs}
          bouton="Enregistrer et essayer"
        />
      ),
    },
    ctx.agent,
    status,
  )
}

/** POST: declares an API as a list; nothing is asked of it before « Essayer ». */
export function declarer(ctx: Context): Promise<Answer> {
  const { saisie, api, erreurs } = lireDeclaration(ctx.form)
  if (!api) return pageDeDeclaration(ctx, saisie, erreurs, 422)
  const secret = ctx.form.secret('secret', 1000)
  return agir(
    ctx,
    ctx.form,
    [saisie, secret],
    async tx => {
      const sealed = secret ? scellerSecret(ctx.app.secrets, ctx.tenant.id, secret) : null
      const made = await declarerApi(tx, auteurDe(ctx), undefined, { nom: saisie.nom, api, secret: sealed })
      return made.ok ? { ok: true, value: `${adresseDeLaListe(ctx, made.value)}?fait=api` } : made
    },
    refusal => pageDeDeclaration(ctx, saisie, enErreurs(refusal, 'nom'), refusal.status),
  )
}

/** The page of a list that is an API: a trial when `essai` is asked, and its declaration. */
export async function montrerApi(ctx: Context, row: ReferentielRow, fait?: string): Promise<Answer> {
  const mots = ctx.query.line('essai', 300)
  const asked = mots === '' ? undefined : await demanderALApi(ctx.app, ctx.tenant.id, row, mots, demanderJson)
  const resultat = asked && (asked.ok ? { ok: true as const, lignes: asked.trouvailles } : { ok: false as const, phrase: phraseDe(asked) })
  return pageDApi(ctx, row, saisieDe(row), { fait, mots, resultat, erreurs: [], status: 200 })
}

const phraseDe = ({ raison, statut }: { raison: Raison; statut?: number }): string =>
  `${RAISONS[raison]}${statut ? ` (réponse ${statut})` : ''}`

function pageDApi(
  ctx: Context,
  row: ReferentielRow,
  saisie: SaisieDApi,
  {
    fait,
    erreurs,
    status,
    mots,
    resultat,
  }: Pick<EssaiProps, 'mots' | 'resultat'> & { fait?: string | undefined; erreurs: readonly FieldError[]; status: number },
): Promise<Answer> {
  const adresse = adresseDeLaListe(ctx, row.id)
  return pageAgent(
    ctx,
    {
      title: row.nom,
      hasErrors: erreurs.length > 0,
      chemin: cheminDe(ctx),
      children: (
        <>
          {fait && (
            <Notice tone="succes" live>
              {fait}
            </Notice>
          )}
          <EssaiDApi action={adresse} mots={mots} colonnes={row.colonnes} resultat={resultat} />
          <h2>Déclaration</h2>
          <FormulaireDApi
            action={`${adresse}/api`}
            jeton={ctx.token}
            cle={newSecret()}
            saisie={saisie}
            aUnSecret={row.secret !== null}
            erreurs={erreurs}
            bouton="Enregistrer"
          />
          <Actions>
            <ButtonLink href={`${adresse}/suppression`} tone="quiet">
              Supprimer la liste
            </ButtonLink>
          </Actions>
        </>
      ),
    },
    ctx.agent,
    status,
  )
}

/** POST: changes the declaration of an API. Its secret is kept when none is typed, unless the address now leads to another host. */
export const modifierApi = (ctx: Context): Promise<Answer> =>
  avecLaListe(ctx, 'api', row => {
    const { saisie, api, erreurs } = lireDeclaration(ctx.form)
    const retry = (errors: readonly FieldError[], status: number) =>
      pageDApi(ctx, row, saisie, { mots: '', resultat: undefined, erreurs: errors, status })
    if (!api) return retry(erreurs, 422)
    const typed = ctx.form.secret('secret', 1000)
    // A secret given for one service must not leave for another because somebody changed the address.
    if (!typed && row.secret && row.api && new URL(row.api.url).host !== new URL(api.url).host)
      return retry(
        [{ champ: 'secret', message: 'L’adresse mène à un autre service : tapez de nouveau le secret, ou celui de ce service.' }],
        422,
      )
    const secret = typed ? scellerSecret(ctx.app.secrets, ctx.tenant.id, typed) : api.entete ? undefined : null
    return agir(
      ctx,
      ctx.form,
      [saisie, typed],
      async tx => {
        const done = await declarerApi(tx, auteurDe(ctx), row.id, { nom: saisie.nom, api, secret })
        return done.ok ? { ok: true, value: `${adresseDeLaListe(ctx)}?fait=api` } : done
      },
      refusal => retry(enErreurs(refusal, 'nom'), refusal.status),
    )
  })

const saisieDe = ({ nom, api }: ReferentielRow): SaisieDApi =>
  api ? { nom, ...api, valeurs: api.valeurs.map(({ nom: name, chemin }) => `${name} = ${chemin}`).join('\n') } : { ...vide, nom }

function lireDeclaration(form: Form): { saisie: SaisieDApi; api: Api | undefined; erreurs: FieldError[] } {
  const line = (name: keyof SaisieDApi, max = 200) => form.line(name, max)
  const saisie: SaisieDApi = {
    nom: line('nom', 100),
    url: line('url', 500),
    entete: line('entete', 60),
    resultats: line('resultats'),
    cle: line('cle'),
    libelle: line('libelle'),
    valeurs: form.text('valeurs', 4000),
  } // prettier-ignore
  const { nom, ...declared } = saisie
  const lines = saisie.valeurs
    .split('\n')
    .map(text => text.trim())
    .filter(Boolean)
  const valeurs = lines
    .map(text => text.match(/^([^=]+?)\s*=\s*(\S+)$/))
    .map(match => ({ nom: match?.[1] ?? '', chemin: match?.[2] ?? '' }))
  const read = schemaApi.safeParse({ ...declared, valeurs })
  const unnamed = nom.length < 2 ? [{ champ: 'nom', message: 'Donnez un nom à la liste, par exemple « Arrêts de car ».' }] : []
  const erreurs = [
    ...unnamed,
    ...(read.success ? [] : enPhrases(read.error.issues.map(({ path, message }) => ({ champ: String(path[0]), message })))),
  ]
  return { saisie, api: erreurs.length === 0 && read.success ? read.data : undefined, erreurs }
}

const PHRASES: Readonly<Record<string, string>> = {
  resultats: 'Chemin des résultats : des noms séparés par des points, par exemple donnees.resultats.',
  cle: 'Écrivez le chemin de l’identifiant, par exemple id.',
  libelle: 'Écrivez le chemin du libellé, par exemple adresse.nom.',
  valeurs: 'Une valeur par ligne : son nom, le signe =, son chemin ; vingt au plus. Par exemple : Commune = adresse.commune',
}

// One sentence a field, in the order of the boxes; those of zod for an address and a header are ours already.
function enPhrases(issues: readonly FieldError[]): FieldError[] {
  return ['url', 'entete', 'resultats', 'cle', 'libelle', 'valeurs'].flatMap(champ => {
    const issue = issues.find(one => one.champ === champ)
    return issue ? [{ champ, message: PHRASES[champ] ?? issue.message }] : []
  })
}
