import { inTenant } from '../../../platform/db/open.ts'
import { type Answer, type Context, page, type Route, redirect } from '../../../platform/http/route.ts'
import { modelePublie } from '../../demarches/index.ts'
import { appellation, type Collectivite, collectiviteDe, pageDe } from '../../territoire/index.ts'
import { instantEnMots } from '../accuse.ts'
import { codeDeVerification } from '../code.ts'
import { documentParCode } from '../queries/verification.ts'
import { DocumentInconnu, SaisieDuCode, Verdict, type VerdictProps } from './verification.page.tsx'

// A code is 108 bits: nobody finds one by trying. The limit spares the database.
const perIp = 120
const scope = 'collectivite'
const access = { kind: 'public' } as const

/** Where whoever holds a document verifies it: the address of its QR code, or its code typed by hand. */
export const routesVerification: readonly Route[] = [
  { method: 'GET', path: '/verifier', scope, access, perIp, handle: demander },
  { method: 'POST', path: '/verifier', scope, access, perIp, handle: chercher },
  { method: 'GET', path: '/verifier/:code', scope, access, perIp, handle: repondre },
]

async function demander(ctx: Context): Promise<Answer> {
  return page(await pageDeSaisie(ctx, ''))
}

/** POST: leads to the page of the code; what cannot be a code is told here, with what was typed. */
async function chercher(ctx: Context): Promise<Answer> {
  const typed = ctx.form.line('code', 60)
  const code = codeDeVerification(typed)
  if (code) return redirect(`${ctx.tenant.base}/verifier/${code}`)
  return page(await pageDeSaisie(ctx, typed, 'Tapez les 24 lettres ou chiffres du code, tels qu’ils sont imprimés.'), 422)
}

/** GET: valid or revoked, the day, the démarche and the kind. What is unknown, ill-written or another collectivité’s answers the same. */
async function repondre(ctx: Context): Promise<Answer> {
  const collectivite = collectiviteDe(ctx)
  const code = codeDeVerification(ctx.params.code ?? '')
  const props = code && (await verdictDe(ctx, collectivite, code))
  if (!props) {
    const inconnu = {
      ...cadre(collectivite),
      title: 'Document inconnu',
      children: <DocumentInconnu autre={`${collectivite.base}/verifier`} />,
    }
    // An answer like another: the question was whether a document has this code. Whatever was wrong with it, the same bytes.
    return page(await pageDe(ctx.app, collectivite, inconnu))
  }
  return page(
    await pageDe(ctx.app, collectivite, { ...cadre(collectivite), title: 'Vérification d’un document', children: <Verdict {...props} /> }),
  )
}

const NATURES = {
  accuse: 'Accusé de réception',
  decision: 'Décision',
  attestation: 'Attestation d’acceptation par le silence',
  courrier: 'Courrier',
} as const

function verdictDe(ctx: Context, collectivite: Collectivite, code: string): Promise<VerdictProps | undefined> {
  return inTenant(ctx.app.db, collectivite.id, async tx => {
    const found = await documentParCode(tx, collectivite.id, code)
    if (!found) return undefined
    const { nature, emis_le, revoque_le, empreinte, scelle } = found
    const demarche = (await modelePublie(tx, found.definition)).titre
    return {
      isValid: revoque_le === null,
      phrase: revoque_le
        ? `${collectivite.nom} l’a révoqué le ${instantEnMots(revoque_le, collectivite)}. Pour en savoir plus, appelez ${appellation(collectivite)}.`
        : `${collectivite.nom} l’a émis, et ne l’a pas révoqué.`,
      faits: [
        { cle: 'Document', valeur: NATURES[nature] },
        { cle: 'Démarche', valeur: demarche },
        { cle: 'Émis le', valeur: instantEnMots(emis_le, collectivite) },
        ...(scelle ? [{ cle: 'Cachet électronique', valeur: 'Le fichier PDF porte un cachet, que votre lecteur de PDF vérifie.' }] : []),
        ...(empreinte ? [{ cle: 'Empreinte du fichier (SHA-256)', valeur: empreinte.replace(/(.{8})(?=.)/g, '$1 ') }] : []),
      ],
      autre: `${collectivite.base}/verifier`,
    }
  })
}

async function pageDeSaisie(ctx: Context, code: string, erreur?: string): Promise<string> {
  const collectivite = collectiviteDe(ctx)
  return pageDe(ctx.app, collectivite, {
    ...cadre(collectivite),
    title: 'Vérifier un document',
    hasErrors: erreur !== undefined,
    children: <SaisieDuCode action={`${collectivite.base}/verifier`} jeton={ctx.token} code={code} erreur={erreur} />,
  })
}

const cadre = (collectivite: Collectivite) => ({
  noindex: true,
  enhanced: true,
  chemin: [{ texte: collectivite.nom, href: collectivite.base || '/' }],
})
