import { civilDay } from '../../../../platform/clock.ts'
import { inTenant, type Tx } from '../../../../platform/db/open.ts'
import type { Answer, Context } from '../../../../platform/http/route.ts'
import { pageAgent } from '../../../agents/index.ts'
import { dossiersNonJoints } from '../../../envois/index.ts'
import { dates } from '../../../formulaires/index.ts'
import { collectiviteDe, fuseau } from '../../../territoire/index.ts'
import { comptesParEtat, type LigneDeFile, PLAFOND } from '../../queries/file-d-instruction.ts'
import { type ATraiter, type Groupe, journee, parOuCommencer } from '../../queries/journee.ts'
import { A_FAIRE, type AFaire, adresseDuChoix, type Choix, ETATS_A_TRAITER, TOUT } from '../../recherche/choix.ts'
import { type Demandeur, type Filtre, filtreDe } from '../../recherche/filtre.ts'
import { adresseDesDossiers } from './acces.ts'
import { Accueil, type AccueilProps } from './accueil.page.tsx'
import { demandeur } from './choix.ts'
import { LIBELLES_A_FAIRE } from './conditions-mots.ts'
import { lignesEnMots } from './lignes.ts'
import { distance, joursEntre } from './mots.ts'

const A_QUI = { '': 'Tout', equipe: 'Mes équipes', moi: 'Mes dossiers' } as const
type AQui = keyof typeof A_QUI
const D_ABORD = 12

/** GET /agent/accueil: what to do first, for oneself, one's teams, or everyone. */
export function montrerAccueil(ctx: Context): Promise<Answer> {
  return inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    const props = await accueilProps(ctx, tx)
    return pageAgent(ctx, { title: 'À faire d’abord', wide: true, children: <Accueil {...props} /> }, ctx.agent)
  })
}

async function accueilProps(ctx: Context, tx: Tx): Promise<AccueilProps> {
  const qui = (Object.keys(A_QUI) as AQui[]).find(known => known === ctx.query.line('qui', 10)) ?? ''
  const [who, nonJoints] = await Promise.all([demandeur(ctx, tx, true), dossiersNonJoints(tx, ctx.tenant.id)])
  const choices = A_FAIRE.map(nature => choixDuGroupe(nature, qui, who))
  const filters = choices.map(choix => avecDossiers(filtreDe(choix, who, new Map()), nonJoints))
  const [groups, comptes] = await Promise.all([journee(tx, ctx.tenant.id, filters), comptesParEtat(tx, ctx.tenant.id, ctx.agent.portee)])
  return {
    quis: (Object.keys(A_QUI) as AQui[])
      .filter(one => one !== 'equipe' || who.services.length > 0)
      .map(one => ({ texte: A_QUI[one], href: `${ctx.tenant.base}/agent/accueil${one && `?qui=${one}`}`, estChoisi: one === qui })),
    groupes: groups.flatMap(({ nature, total }, rang) =>
      total === 0
        ? []
        : [
            {
              libelle: LIBELLES_A_FAIRE[nature],
              nombre: total > PLAFOND ? `${PLAFOND.toLocaleString('fr-FR')} +` : String(total),
              href: adresse(ctx, choices[rang]!),
            },
          ],
    ),
    premiers: await premiersEnMots(ctx, tx, groups, who),
    enCours: ETATS_A_TRAITER.reduce((sum, etat) => sum + (comptes[etat] ?? 0), 0),
    isEmpty: Object.values(comptes).every(count => count === 0),
    dossiersHref: `${adresseDesDossiers(ctx)}?etat=`,
    echeancesHref: `${ctx.tenant.base}/agent/echeances`,
  }
}

// To take is about dossiers of which nobody is in charge: for one agent, those of their teams, or all when they are of none.
const choixDuGroupe = (faire: AFaire, qui: AQui, { services }: Demandeur): Choix => ({
  ...TOUT,
  faire,
  qui: qui === 'moi' && faire === 'nouveau' ? (services.length > 0 ? 'equipe' : '') : qui,
  tri: faire === 'reponse' || faire === 'message' ? 'anciens' : '',
})

const avecDossiers = (filtre: Filtre, dossiers: readonly string[]): Filtre => ({ ...filtre, faire: { ...filtre.faire!, dossiers } })

const adresse = (ctx: Context, choix: Choix) => `${adresseDesDossiers(ctx)}?${adresseDuChoix(choix)}`

async function premiersEnMots(ctx: Context, tx: Tx, groups: readonly Groupe[], who: Demandeur): Promise<AccueilProps['premiers']> {
  const first = parOuCommencer(groups, D_ABORD)
  const zone = fuseau(collectiviteDe(ctx))
  const lines = await lignesEnMots(
    ctx,
    tx,
    first.map(({ ligne }) => ligne),
    { liste: '' },
  )
  return lines.map((line, rang) => ({
    ...line,
    // To the next one of the same reason, from its page.
    href: `${adresseDesDossiers(ctx)}/${line.id}?liste=${encodeURIComponent(`faire=${first[rang]!.raisons[0]}`)}`,
    pourquoi: pourquoi(first[rang]!, who.aujourdhui, zone),
  }))
}

/** Why a dossier is there: « Réponse reçue hier », « Le silence décide dans 3 jours ». */
function pourquoi({ ligne, raisons }: ATraiter, today: string, zone: string): string {
  const words = raisons.map(raison => RAISONS[raison](ligne, today, zone))
  const sentence = words.join(', ')
  return sentence.charAt(0).toLocaleUpperCase('fr-FR') + sentence.slice(1)
}

const quand = (instant: Date, today: string, zone: string): string => {
  const jours = joursEntre(today, civilDay(instant, zone))
  return jours === -1 ? 'hier' : distance(jours)
}

const RAISONS: Readonly<Record<AFaire, (ligne: LigneDeFile, today: string, zone: string) => string>> = {
  retard: ({ silenceLe, correctionLe }, today) =>
    correctionLe && correctionLe < today
      ? `correction attendue depuis le ${dates.longDate(correctionLe)}`
      : silenceLe && silenceLe < today
        ? `échéance passée ${distance(joursEntre(today, silenceLe))}`
        : 'échéance aujourd’hui',
  silence: ({ silenceLe }, today) => `échéance ${silenceLe ? distance(joursEntre(today, silenceLe)) : 'proche'}`,
  reponse: ({ reponseLe }, today, zone) => `réponse reçue ${reponseLe ? quand(reponseLe, today, zone) : ''}`.trim(),
  message: ({ nonLus }) => (nonLus > 1 ? `${nonLus} messages non lus` : '1 message non lu'),
  avis: () => 'avis attendu et en retard',
  envoi: () => 'un message n’a pas pu arriver',
  nouveau: ({ deposeLe }, today, zone) => `à prendre en charge, reçue ${quand(deposeLe, today, zone)}`,
}
