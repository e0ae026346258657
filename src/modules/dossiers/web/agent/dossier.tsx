import type { Answer, Context } from '../../../../platform/http/route.ts'
import { newSecret } from '../../../../platform/ids.ts'
import type { Refusal } from '../../../../platform/refusal.ts'
import type { SummaryRow, TimelineEvent, ViewerProps } from '../../../../ui/index.ts'
import { nomsDesAgents, pageAgent } from '../../../agents/index.ts'
import { traitement } from '../../../demarches/index.ts'
import { envoisDuDossier } from '../../../envois/index.ts'
import { dates } from '../../../formulaires/index.ts'
import { instantEnMots } from '../../accuse.ts'
import { situationDe } from '../../commands/advance.ts'
import { estRelancable } from '../../commands/avis-externe.ts'
import { estCourrielACorriger } from '../../commands/corriger-courriel.ts'
import { type Cas, ecrire, marquerLus, prendreEnInstruction } from '../../commands/instruire.ts'
import { estSuivi } from '../../commands/suivre.ts'
import { actesPossibles, estTermine, LIBELLES_ETATS, type NatureEvenement, transition } from '../../dossier.ts'
import { piecesDe } from '../../pieces.ts'
import { provenanceDesLignes } from '../../provenances.ts'
import { avisDuDossier } from '../../queries/avis-externe.ts'
import { reponseDuDemandeur, reponsesLues } from '../../queries/cas.ts'
import { correctionsDuDossier, documentsDuDossier, evenementsDuDossier, messagesDuDossier } from '../../queries/dossier.ts'
import { refusals } from '../../refusals.ts'
import type { CorrectionRow, DemandeAvisRow, EvenementRow, MessageRow } from '../../tables.ts'
import { FICHIERS_PAR_MESSAGE, garderFichiers, recevoir } from '../fichiers-joints.ts'
import { adresseDesDossiers, adresseDuDossier, agir, aujourdhui, enErreur, lire, noterLecture } from './acces.ts'
import { annotationsVues, enregistrerAnnotations } from './annotations.ts'
import type { AnnotationsVues } from './annotations-section.tsx'
import { autresVus, delaisVus, voisinsVus } from './autour.ts'
import type { AvisVu } from './avis-section.tsx'
import { DossierDeLAgent, type DossierVu } from './dossier.page.tsx'
import type { CorrectionVue } from './dossier-sections.tsx'
import { etiquettesVues, surLeDossier } from './etiquettes.tsx'
import { distance, joursEntre, motifsDeCorrection, titreDeLEvenement, tonDeLEtat } from './mots.ts'

/** Where each act is done, its words, and who may: in the order of the buttons. Taking is a button of the page itself. */
export const ACTES: Readonly<Partial<Record<NatureEvenement, { texte: string; chemin: string; permission: string }>>> = {
  demander_correction: { texte: 'Demander une correction', chemin: 'corrections', permission: 'dossiers.instruire' },
  accepter: { texte: 'Accepter', chemin: 'acceptation', permission: 'dossiers.decider' },
  refuser: { texte: 'Refuser', chemin: 'refus', permission: 'dossiers.decider' },
  classer_sans_suite: { texte: 'Classer sans suite', chemin: 'classement', permission: 'dossiers.decider' },
  repasser_en_construction: { texte: 'Remettre à prendre en charge', chemin: 'retour', permission: 'dossiers.instruire' },
  rouvrir: { texte: 'Rouvrir', chemin: 'reouverture', permission: 'dossiers.decider' },
}

const FAITS: Readonly<Record<string, string>> = {
  instruction: 'Vous avez pris ce dossier en charge.',
  message: 'Votre message est envoyé.',
  correction: 'La demande de correction est envoyée.',
  acceptation: 'La demande est acceptée. Le document et le courriel partent dans un instant.',
  refus: 'La demande est refusée. Le document et le courriel partent dans un instant.',
  classement: 'La demande est classée sans suite. Le document et le courriel partent dans un instant.',
  retour: 'Le dossier est remis à prendre en charge.',
  attribution: 'Le dossier est attribué.',
  service: 'Le dossier est passé à un autre service.',
  suivi: 'Vous suivez ce dossier.',
  'plus-suivi': 'Vous ne suivez plus ce dossier.',
  annotations: 'Les annotations sont enregistrées.',
  etiquette: 'L’étiquette est posée.',
  'etiquette-retiree': 'L’étiquette est retirée.',
  avis: 'La demande d’avis est envoyée.',
  rappel: 'Le rappel est envoyé.',
  'avis-retire': 'La demande d’avis est retirée : son lien ne s’ouvre plus.',
  courrier: 'Le courrier part dans un instant, et se range dans « Documents émis ».',
  courriel: 'L’adresse est corrigée. Un message vient de partir à la nouvelle.',
  restauration: 'Le dossier est de nouveau dans les listes.',
  reouverture: 'Le dossier est rouvert. La décision précédente ne vaut plus.',
}

/** GET: the dossier on one page. Reading it is an entry of the journal; the resident's messages become read for an agent who handles it. */
export function montrerDossier(ctx: Context): Promise<Answer> {
  return lire(ctx, async cas => {
    const answer = await pageDuDossier(ctx, cas)
    if (ctx.agent.permissions.has('dossiers.instruire')) {
      await marquerLus(cas.tx, ctx.app.clock.now(), ctx.tenant.id, cas.dossier.id, 'agent')
    }
    await noterLecture(ctx, cas.tx, 'dossier.lire', `dossier:${cas.dossier.id}`)
    return answer
  })
}

/** POST …/instruction: the agent takes the dossier. */
export const prendre = (ctx: Context): Promise<Answer> => agir(ctx, 'instruction', prendreEnInstruction, refusal => remontrer(ctx, refusal))

/** POST …/messages: writes to the person. */
export async function envoyerMessage(ctx: Context): Promise<Answer> {
  const { form, files, erreurs, empreinte } = await recevoir(ctx, 'fichiers', FICHIERS_PAR_MESSAGE)
  const texte = form.text('texte')
  const again = (refusal: Refusal) => lire(ctx, cas => pageDuDossier(ctx, cas, refusal, undefined, texte))
  if (erreurs[0]) return again({ ...refusals.fichiers_refuses, sentence: erreurs[0].message, field: 'fichiers' })
  return agir(ctx, 'message', async cas => ecrire(cas, texte, await garderFichiers(ctx.app, cas.tx, files)), again, {
    form,
    fichiers: empreinte,
  })
}

/** POST …/annotations/:etape: what agents note. */
export const annoterDossier = (ctx: Context): Promise<Answer> =>
  enregistrerAnnotations(ctx, (cas, refusal, refusee) => pageDuDossier(ctx, cas, refusal, refusee))

/** POST …/etiquettes. */
export const poserEtiquette = (ctx: Context): Promise<Answer> => surLeDossier(ctx, 'poser', refusal => remontrer(ctx, refusal))

/** POST …/etiquettes/:etiquette/retrait. */
export const retirerEtiquette = (ctx: Context): Promise<Answer> => surLeDossier(ctx, 'retirer', refusal => remontrer(ctx, refusal))

const remontrer = (ctx: Context, refusal: Refusal) => lire(ctx, cas => pageDuDossier(ctx, cas, refusal))

async function pageDuDossier(ctx: Context, cas: Cas, refusal?: Refusal, refusee?: AnnotationsVues['refusee'], texte = ''): Promise<Answer> {
  const seen = await dossierVu(ctx, cas, refusal)
  const erreurs = refusee?.erreurs.length ? refusee.erreurs : seen.erreurs
  const vu = { ...seen, texte, erreurs, annotations: await annotationsVues(ctx, cas, refusee) }
  return pageAgent(
    ctx,
    {
      title: `${cas.dossier.demandeur_nom || 'Sans nom'}, ${cas.modele.titre}`,
      wide: true,
      hasErrors: refusal !== undefined,
      chemin: [{ texte: 'Dossiers', href: adresseDesDossiers(ctx) }],
      children: <DossierDeLAgent {...vu} />,
    },
    ctx.agent,
    refusal?.status ?? 200,
  )
}

async function dossierVu(ctx: Context, cas: Cas, refusal: Refusal | undefined): Promise<Omit<DossierVu, 'annotations' | 'texte'>> {
  const { tx, collectivite, dossier, modele } = cas
  const href = adresseDuDossier(ctx)
  const of = [tx, collectivite.id, dossier.id] as const
  // Sent together: the connection answers them in order, without waiting for us between two.
  const [evenements, messages, corrections, avis, documents, envois, suit, autres, etiquettes, voisins] = await Promise.all([
    evenementsDuDossier(...of),
    messagesDuDossier(...of),
    correctionsDuDossier(...of),
    avisDuDossier(...of),
    documentsDuDossier(...of),
    envoisDuDossier(...of),
    estSuivi(tx, collectivite.id, ctx.agent.id, dossier.id),
    autresVus(ctx, cas),
    etiquettesVues(ctx, cas),
    voisinsVus(ctx, cas),
  ])
  const ids = [...evenements, ...messages].flatMap(({ auteur_nature, auteur_id }) =>
    auteur_nature === 'agent' && auteur_id ? [auteur_id] : [],
  )
  const agents = await nomsDesAgents(tx, dossier.agent_id ? [...ids, dossier.agent_id] : ids)
  const noms = new Map([...agents, ...avis.map(({ id, expert_nom }) => [id, expert_nom] as const)])
  const reponses = reponsesLues(cas)
  const possibles = actesPossibles(situationDe(dossier), modele.regime)
  const may = (permission: string) => ctx.agent.permissions.has(permission)
  const pending = corrections.find(({ repondue_le }) => repondue_le === null)
  return {
    href,
    recherche: `${ctx.tenant.base}/recherche`,
    jeton: ctx.token,
    cle: newSecret(),
    version: dossier.version,
    etat: { mots: LIBELLES_ETATS[dossier.etat], ton: tonDeLEtat[dossier.etat] },
    faits: [...faitsDe(ctx, cas, noms), ...faitDesMessages(messages)],
    contact: {
      nom: dossier.demandeur_nom || 'La personne',
      adresse: reponseDuDemandeur(cas, 'adresse')?.split('\n') ?? [],
      telephone: reponseDuDemandeur(cas, 'telephone'),
      courriel: dossier.demandeur_courriel ?? undefined,
    },
    peutPrendre: possibles.includes('prendre_en_instruction') && may('dossiers.instruire'),
    actions: possibles.flatMap(nature => {
      const acte = ACTES[nature]
      return acte && may(acte.permission) ? [{ texte: acte.texte, href: `${href}/${acte.chemin}` }] : []
    }),
    ...{ suit, voisins, autres },
    corbeille: dossier.cache_le
      ? {
          mots: `Depuis le ${instantEnMots(dossier.cache_le, collectivite)}. Il sera effacé ensuite.`,
          peutRestaurer: may('dossiers.decider'),
        }
      : undefined,
    peutCacher:
      may('dossiers.decider') && transition(situationDe(dossier), { nature: 'cacher', auteur: 'agent', motif: 'x' }, modele.regime).ok,
    delais: delaisVus(ctx, cas, evenements),
    pieces: piecesDe(modele.formulaire, dossier.reponses).map(({ piece }) => pieceVue(href, piece)),
    attente: pending && `En attente de la personne, jusqu’au ${dates.longDate(pending.echeance)}. Vous pourrez continuer après sa réponse.`,
    peutEcrire: may('dossiers.instruire') && !dossier.cache_le,
    reponses,
    provenance: provenanceDesLignes(dossier.provenances),
    documents: documents.map(document => ({
      titre: document.titre,
      href: `${href}/documents/${document.id}`,
      date: instantEnMots(document.emis_le, collectivite),
      isRevoked: document.revoque_le !== null,
    })),
    corrections: correctionsVues(
      cas,
      corrections,
      new Map(reponses.flatMap(({ lignes }) => lignes.map(({ champ, libelle }) => [champ, libelle] as const))),
    ),
    messages: messages.map(message => messageVu(ctx, cas, message, noms)),
    historique: evenements.map(evenement => evenementVu(cas, evenement, noms)).reverse(),
    ...etiquettes,
    avis: avisVus(ctx, cas, avis),
    demanderAvis: may('dossiers.instruire') && !estTermine(dossier.etat) && !dossier.cache_le ? `${href}/avis` : undefined,
    envois: envois.map(({ id, sujet, etat, erreur, creeLe }) => ({
      ...{ id, sujet, etat, erreur },
      date: instantEnMots(creeLe, collectivite),
    })),
    ecrireUnCourrier: may('dossiers.instruire') && !dossier.cache_le ? `${href}/courriers` : undefined,
    donnerUnCode:
      may('dossiers.instruire') && transition(situationDe(dossier), { nature: 'renouveler_code', auteur: 'agent' }, modele.regime).ok
        ? `${href}/code`
        : undefined,
    corrigerLeCourriel:
      may('dossiers.instruire') && !dossier.cache_le && estCourrielACorriger(dossier.demandeur_courriel, envois, evenements)
        ? `${href}/courriel`
        : undefined,
    fait: refusal ? undefined : FAITS[ctx.query.line('fait', 20)],
    erreurs: refusal ? [enErreur(refusal)] : [],
  }
}

function faitsDe(ctx: Context, { collectivite, dossier, modele }: Cas, noms: ReadonlyMap<string, string>): SummaryRow[] {
  const effet = modele.silence.effet === 'acceptation' ? 'acceptation' : 'refus'
  const silence =
    dossier.silence_le && `${dates.longDate(dossier.silence_le)} (${distance(joursEntre(aujourdhui(ctx), dossier.silence_le))}) : ${effet}`
  return [
    { cle: 'Référence', valeur: dossier.reference },
    ...(dossier.depose_le ? [{ cle: 'Reçue le', valeur: instantEnMots(dossier.depose_le, collectivite) }] : []),
    ...(silence && modele.regime !== 'declaratif' ? [{ cle: 'Sans réponse avant le', valeur: silence }] : []),
    ...(dossier.decide_le ? [{ cle: 'Décidée le', valeur: instantEnMots(dossier.decide_le, collectivite) }] : []),
    ...enChargeDe(ctx, dossier, noms),
    ...(estTermine(dossier.etat)
      ? [
          {
            cle: 'Conservation',
            valeur: traitement.dureeEnMots(traitement.traitementDe(modele)),
            changer: { texte: 'Voir', href: `${adresseDuDossier(ctx)}/conservation` },
          },
        ]
      : []),
  ]
}

function enChargeDe(ctx: Context, dossier: Cas['dossier'], noms: ReadonlyMap<string, string>): SummaryRow[] {
  const qui = (dossier.agent_id && noms.get(dossier.agent_id)) || 'Personne pour l’instant'
  const valeur = `${qui}${dossier.service ? `, ${dossier.service}` : ''}`
  if (!ctx.agent.permissions.has('dossiers.instruire')) return [{ cle: 'En charge', valeur }]
  return [{ cle: 'En charge', valeur, changer: { texte: 'Attribuer', href: `${adresseDuDossier(ctx)}/attribution` } }]
}

// The thread is under the answers: without this a new message would not be seen.
function faitDesMessages(messages: readonly MessageRow[]): SummaryRow[] {
  if (messages.length === 0) return []
  const nonLus = messages.filter(({ auteur_nature, lu_le }) => auteur_nature === 'usager' && lu_le === null).length
  const words = `${messages.length} message${messages.length > 1 ? 's' : ''}${nonLus > 0 ? `, dont ${nonLus} non lu${nonLus > 1 ? 's' : ''}` : ''}`
  return [{ cle: 'Échanges', valeur: <a href="#messages">{words}</a> }]
}

function correctionsVues(
  { collectivite }: Cas,
  corrections: readonly CorrectionRow[],
  libelles: ReadonlyMap<string, string>,
): CorrectionVue[] {
  return corrections.map(({ motif, message, champs, echeance, demandee_le, repondue_le }) => ({
    titre: `${motifsDeCorrection[motif].label}, ${instantEnMots(demandee_le, collectivite)}`,
    message,
    champs: champs.map(champ => libelles.get(champ) ?? champ),
    suite: repondue_le
      ? `Répondu le ${instantEnMots(repondue_le, collectivite)}.`
      : `Réponse attendue au plus tard le ${dates.longDate(echeance)}.`,
  }))
}

const SORTES: Readonly<Record<string, ViewerProps['sorte']>> = { pdf: 'pdf', jpg: 'image', jpeg: 'image', png: 'image', webp: 'image' }

/** A document joined, as the page shows it: an image or a PDF in the page itself, the rest to download. */
const pieceVue = (href: string, { id, nom }: { readonly id: string; readonly nom: string }): ViewerProps => ({
  nom,
  href: `${href}/pieces/${id}`,
  vueHref: `${href}/pieces/${id}?vue`,
  sorte: SORTES[nom.slice(nom.lastIndexOf('.') + 1).toLowerCase()] ?? 'autre',
})

const OUI_NON = { oui: { mots: 'Oui', ton: 'succes' }, non: { mots: 'Non', ton: 'danger' } } as const

function avisVus(ctx: Context, { collectivite, dossier }: Cas, demandes: readonly DemandeAvisRow[]): AvisVu[] {
  const quand = (date: Date) => instantEnMots(date, collectivite)
  const mayAct = ctx.agent.permissions.has('dossiers.instruire') && !dossier.cache_le
  return demandes.map(demande => {
    const { id, expert_nom, expert_courriel, question, texte, piece, ...avis } = demande
    const attendu = {
      mots: `Attendu avant le ${dates.longDate(avis.echeance)}`,
      ton: avis.echeance <= aujourdhui(ctx) ? 'attention' : 'info',
    } as const
    const rendu = avis.reponse ? OUI_NON[avis.reponse] : ({ mots: 'Rendu', ton: 'succes' } as const)
    return {
      ...{ id, question, texte: texte || undefined },
      expert: `${expert_nom} (${expert_courriel})`,
      etat: avis.retiree_le ? { mots: 'Retiré', ton: 'neutre' } : avis.rendue_le ? rendu : attendu,
      details: [
        `Demandé le ${quand(avis.demandee_le)}`,
        ...(avis.relancee_le ? [`relancé le ${quand(avis.relancee_le)}`] : []),
        ...(avis.rappel_jours && !avis.rappelee_le && !avis.rendue_le && !avis.retiree_le
          ? [`rappel prévu le ${dates.longDate(dates.addDays(avis.echeance, -avis.rappel_jours) ?? avis.echeance)}`]
          : []),
        ...(avis.rendue_le ? [`rendu le ${quand(avis.rendue_le)}`] : []),
        avis.est_confidentielle ? 'pour les agents seuls' : 'montré à la personne',
      ].join(', '),
      fichier: piece ? { nom: piece.nom, href: `${adresseDuDossier(ctx)}/avis/${id}/fichier` } : undefined,
      peutRelancer: mayAct && estRelancable(dossier, demande),
      peutRetirer: mayAct && !avis.rendue_le && !avis.retiree_le,
    }
  })
}

function messageVu(ctx: Context, { collectivite, dossier }: Cas, message: MessageRow, noms: ReadonlyMap<string, string>) {
  const agent = message.auteur_nature === 'agent' && message.auteur_id ? (noms.get(message.auteur_id) ?? 'Un agent') : undefined
  return {
    auteur: agent ?? (dossier.demandeur_nom || 'La personne'),
    date: instantEnMots(message.le, collectivite),
    dateIso: message.le.toISOString(),
    texte: message.texte,
    pieces: message.pieces.map(({ id, nom }) => ({ texte: nom, href: `${adresseDuDossier(ctx)}/pieces/${id}` })),
    lu: agent === undefined ? undefined : message.lu_le ? `Lu le ${instantEnMots(message.lu_le, collectivite)}` : 'Pas encore lu',
    deMoi: agent !== undefined && message.auteur_id === ctx.agent.id,
  }
}

function evenementVu({ collectivite }: Cas, evenement: EvenementRow, noms: ReadonlyMap<string, string>): TimelineEvent {
  const auteurs = {
    usager: 'La personne',
    systeme: 'Automatique',
    expert: (evenement.auteur_id && noms.get(evenement.auteur_id)) || 'La personne consultée',
    api: 'Un autre logiciel',
    agent: (evenement.auteur_id && noms.get(evenement.auteur_id)) || 'Un agent',
  }
  return {
    date: instantEnMots(evenement.le, collectivite),
    dateIso: evenement.le.toISOString(),
    titre: titreDeLEvenement[evenement.nature],
    texte: evenement.motif ?? undefined,
    auteur: auteurs[evenement.auteur_nature],
  }
}
