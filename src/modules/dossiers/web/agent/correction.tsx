import { type Answer, type Context, refused } from '../../../../platform/http/route.ts'
import { newSecret } from '../../../../platform/ids.ts'
import type { Refusal } from '../../../../platform/refusal.ts'
import type { Option } from '../../../../ui/index.ts'
import { pageAgent } from '../../../agents/index.ts'
import { dates } from '../../../formulaires/index.ts'
import { situationDe } from '../../commands/advance.ts'
import { type Cas, demanderCorrection } from '../../commands/instruire.ts'
import { transition } from '../../dossier.ts'
import { reponsesLues } from '../../queries/cas.ts'
import { adresseDesDossiers, adresseDuDossier, agir, aujourdhui, enErreur, jourTape, lire } from './acces.ts'
import { type CorrectionProps, DemandeDeCorrection } from './correction.page.tsx'
import { type MotifDeCorrection, motifsDeCorrection } from './mots.ts'

const DELAI_JOURS = 15

/** GET …/corrections: the form, a fortnight given by default. */
export const montrerCorrection = (ctx: Context): Promise<Answer> =>
  lire(ctx, cas =>
    pageDeCorrection(ctx, cas, {
      champs: [],
      motif: 'incomplet',
      message: '',
      echeance: dates.addDays(aujourdhui(ctx), DELAI_JOURS) ?? '',
    }),
  )

/** POST …/corrections: asks for it. */
export function demander(ctx: Context): Promise<Answer> {
  const { form } = ctx
  const [jour, mois, annee] = ['jour', 'mois', 'annee'].map(part => form.line(`echeance-${part}`, 4)) as [string, string, string]
  const saisie = {
    champs: form.all('champs', 60),
    motif: form.line('motif', 20),
    message: form.text('message'),
    echeance: { jour, mois, annee },
  }
  const motif = (Object.keys(motifsDeCorrection) as MotifDeCorrection[]).find(known => known === saisie.motif) ?? 'incomplet'
  return agir(
    ctx,
    'correction',
    cas => {
      const possibles = new Set(champsDe(cas).map(({ value }) => value))
      const champs = [...new Set(saisie.champs)].filter(champ => possibles.has(champ))
      return demanderCorrection(cas, { motif, message: saisie.message, champs, echeance: jourTape({ jour, mois, annee }) })
    },
    refusal => lire(ctx, cas => pageDeCorrection(ctx, cas, saisie, refusal)),
  )
}

async function pageDeCorrection(ctx: Context, cas: Cas, saisie: CorrectionProps['saisie'], refusal?: Refusal): Promise<Answer> {
  const { dossier, modele } = cas
  const possible = transition(situationDe(dossier), { nature: 'demander_correction', auteur: 'agent', motif: 'x' }, modele.regime)
  if (!possible.ok) return refused(possible.refusal, saisie.message ? { message: saisie.message } : undefined)
  const href = adresseDuDossier(ctx)
  const props: CorrectionProps = {
    action: `${href}/corrections`,
    retour: href,
    jeton: ctx.token,
    cle: newSecret(),
    version: dossier.version,
    // A date is three inputs: the error leads to the group, which carries the name alone.
    erreurs: refusal ? [{ ...enErreur(refusal), champ: (refusal.field ?? '').replace(/-jour$/, '') }] : [],
    champs: champsDe(cas),
    motifs: Object.entries(motifsDeCorrection).map(([value, { label, hint }]) => ({ value, label, hint })),
    saisie,
  }
  return pageAgent(
    ctx,
    {
      title: 'Demander une correction',
      hasErrors: refusal !== undefined,
      chemin: [
        { texte: 'Dossiers', href: adresseDesDossiers(ctx) },
        { texte: dossier.demandeur_nom || dossier.reference, href },
      ],
      children: <DemandeDeCorrection {...props} />,
    },
    ctx.agent,
    refusal?.status ?? 200,
  )
}

/** The questions that were asked, each once even when it repeats, with what was answered. */
function champsDe(cas: Cas): Option[] {
  const calculs = new Set(
    cas.modele.formulaire.etapes.flatMap(({ champs }) => champs.flatMap(({ id, type }) => (type === 'calcul' ? [id] : []))),
  )
  const found = new Map<string, { label: string; values: string[] }>()
  for (const { champ, libelle, valeur } of reponsesLues(cas).flatMap(({ lignes }) => lignes)) {
    if (calculs.has(champ)) continue
    const known = found.get(champ) ?? { label: libelle, values: [] }
    found.set(champ, { ...known, values: [...known.values, valeur.replaceAll('\n', ', ') || 'Non renseigné'] })
  }
  return [...found].map(([value, { label, values }]) => ({ value, label, hint: values.join(' ; ') }))
}
