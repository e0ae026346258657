import { verifyJournal } from '../../../../platform/audit/journal.ts'
import { inTenant } from '../../../../platform/db/open.ts'
import type { Answer, Context } from '../../../../platform/http/route.ts'
import { isUuid } from '../../../../platform/ids.ts'
import { nomsDesAgents, pageAgent } from '../../../agents/index.ts'
import { collectiviteDe } from '../../../territoire/index.ts'
import { instantEnMots } from '../../accuse.ts'
import { type EntreeDuJournal, pageDuJournal, referencesDesDossiers } from '../../queries/journal.ts'
import { adresseDesDossiers } from './acces.ts'
import { Journal, type JournalProps } from './journal.page.tsx'
import { titreDeLEvenement } from './mots.ts'

const PAR_PAGE = 25

// The acts of dossiers have the words of their history; what another module names for itself is shown as it wrote it.
/** Every action of the journal, in words. */
export const ACTIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(titreDeLEvenement).map(([nature, titre]) => [`dossier.${nature}`, titre])),
  'dossier.lire': 'Dossier lu',
  'piece.lire': 'Pièce jointe lue',
  'document.lire': 'Document lu',
  'courrier.lire': 'Projet de courrier lu',
  'decision.lire': 'Projet de décision lu',
  'export.lire': 'Dossiers exportés',
  'export.telecharger': 'Export téléchargé',
  'lot.lancer': 'Travail en lot lancé',
  'lot.arreter': 'Travail en lot arrêté',
  'lot.defaire': 'Travail en lot annulé',
  'api.lire': 'Dossier lu par un autre logiciel',
  'archives.lire': 'Dossier enregistré pour les archives',
  'dossier.effacer': 'Dossier effacé',
  'dossier.geler': 'Effacement suspendu',
  'dossier.degeler': 'Effacement repris',
  'dossier.remettre': 'Dossier remis aux archives',
  'compte.effacer': 'Accès d’un habitant effacé',
  'effacements.confirmer': 'Effacement confirmé',
  'reglages.modifier': 'Réglages modifiés',
  'demarche.creer': 'Démarche commencée',
  'demarche.adopter': 'Démarche ajoutée depuis le catalogue',
  'demarche.publier': 'Démarche publiée',
  'demarche.ouvrir': 'Démarche ouverte aux habitants',
  'demarche.fermer': 'Démarche fermée',
  'demarche.supprimer': 'Démarche supprimée',
  'demarche.proposer': 'Démarche mise dans le catalogue',
  'demarche.retirer': 'Démarche retirée du catalogue',
  'catalogue.diffuser': 'Démarches diffusées aux communes',
  'liste.enregistrer': 'Liste enregistrée',
  'liste.ajouter': 'Liste ajoutée',
  'liste.modifier': 'Liste modifiée',
  'liste.supprimer': 'Liste supprimée',
  'agent.connexion': 'Connexion',
  'agent.deconnexion': 'Déconnexion',
  'agent.connexion_refusee': 'Connexion refusée',
  'agent.code_refuse': 'Code refusé',
  'agent.inviter': 'Invitation envoyée',
  'agent.invitation_acceptee': 'Invitation acceptée',
  'agent.mot_de_passe': 'Mot de passe choisi',
  'agent.reinitialiser': 'Compte à rouvrir',
  'agent.roles': 'Rôles changés',
  'agent.retirer': 'Accès retiré',
  'agent.rendre': 'Accès rendu',
  'etiquette.ajouter': 'Étiquette ajoutée',
  'etiquette.modifier': 'Étiquette modifiée',
  'etiquette.retirer': 'Étiquette qui n’est plus proposée',
  'etiquette.proposer': 'Étiquette proposée de nouveau',
  'equipe.ajouter': 'Entrée dans une équipe',
  'equipe.retirer': 'Sortie d’une équipe',
  'equipe.reserver': 'Dossiers d’un service réservés à son équipe',
  'equipe.ouvrir': 'Dossiers d’un service ouverts à tous les agents',
  'delegation.accorder': 'Dossiers confiés à un agent d’ailleurs',
  'delegation.retirer': 'Délégation retirée',
  'demarche.pre-remplir': 'Réponses préparées pour une personne',
  'dossiers.lister': 'Liste de dossiers lue',
  'messages.lire': 'Messages d’un dossier lus',
  'envoi.revenir': 'Courriel revenu',
  'gabarit.creer': 'Modèle commencé',
  'gabarit.enregistrer': 'Modèle enregistré',
  'gabarit.reprendre': 'Ancienne version d’un modèle reprise',
  'gabarit.retirer': 'Modèle retiré',
  'gabarit.remettre': 'Modèle remis en service',
  'signataire.ajouter': 'Signature ajoutée',
  'signataire.modifier': 'Signature modifiée',
  'signataire.retirer': 'Signature retirée',
  'signataire.remettre': 'Signature remise en service',
  'jeton.creer': 'Jeton de l’API fait',
  'jeton.revoquer': 'Jeton de l’API révoqué',
  'webhook.creer': 'Webhook ajouté',
  'webhook.modifier': 'Webhook modifié',
  'webhook.secret': 'Secret d’un webhook changé',
  'webhook.pause': 'Webhook mis en pause',
  'webhook.reprendre': 'Webhook repris',
  'webhook.rejouer': 'Changements remis de nouveau par un webhook',
  'webhook.supprimer': 'Webhook supprimé',
}

const OBJETS: Readonly<Record<string, string>> = {
  jeton: 'Un jeton de l’API',
  webhook: 'Un webhook',
  gabarit: 'Un modèle',
  signataire: 'Une signature',
  etiquette: 'Une étiquette',
  lot: 'Un travail en lot',
  envoi: 'Un courriel',
  liste: 'Une liste',
}

/** GET /agent/journal: the last entries; with `?verifier=1`, the whole chain is computed again. */
export async function montrerJournal(ctx: Context): Promise<Answer> {
  const asked = ctx.query.number('page', 1, 1, 1_000_000)
  const verification = ctx.query.line('verifier', 3) ? await verifier(ctx) : undefined
  const props = await inTenant(ctx.app.db, ctx.tenant.id, async (tx): Promise<JournalProps> => {
    const { entrees, total } = await pageDuJournal(tx, ctx.tenant.id, asked, PAR_PAGE)
    const dossiers = await referencesDesDossiers(
      tx,
      ctx.tenant.id,
      entrees.flatMap(({ objet }) => idDe('dossier', objet) ?? []),
    )
    const agents = await nomsDesAgents(
      tx,
      entrees.flatMap(({ acteur, objet }) => [idDe('agent', acteur) ?? [], idDe('agent', objet) ?? []].flat()),
    )
    return {
      href: `${ctx.tenant.base}/agent/journal`,
      entrees: entrees.map(entree => enMots(ctx, entree, dossiers, agents)),
      page: asked,
      pages: Math.ceil(total / PAR_PAGE),
      total: `${total.toLocaleString('fr-FR')} entrées`,
      verification,
    }
  })
  return pageAgent(ctx, { title: 'Journal', wide: true, children: <Journal {...props} /> }, ctx.agent)
}

async function verifier(ctx: Context): Promise<JournalProps['verification']> {
  const found = await verifyJournal(ctx.app.db, ctx.tenant.id)
  const entries = found.entries.toLocaleString('fr-FR')
  if (found.isIntact)
    return { tone: 'succes', title: 'Le journal est intact', texte: `${entries} entrées vérifiées, aucune n’a été modifiée ni retirée.` }
  return {
    tone: 'danger',
    title: 'Le journal a été altéré',
    texte: `Première entrée en cause : numéro ${found.firstAlteredRang}, ${found.reason}. Les ${entries} précédentes sont intactes. Prévenez la personne qui héberge Parvis.`,
  }
}

function idDe(nature: string, text: string): string | undefined {
  const id = text.startsWith(`${nature}:`) ? text.slice(nature.length + 1) : undefined
  return isUuid(id) ? id : undefined
}

function enMots(
  ctx: Context,
  { rang, le, acteur, action, objet }: EntreeDuJournal,
  dossiers: ReadonlyMap<string, string>,
  agents: ReadonlyMap<string, string>,
) {
  const dossier = idDe('dossier', objet)
  const reference = dossier && dossiers.get(dossier)
  const canRead = ctx.agent.permissions.has('dossiers.lire')
  return {
    rang,
    date: instantEnMots(le, collectiviteDe(ctx)),
    qui: acteurEnMots(acteur, agents),
    quoi: ACTIONS[action] ?? action,
    objet: reference ?? (dossier ? 'Dossier effacé' : acteurEnMots(objet, agents)),
    href: reference && canRead ? `${adresseDesDossiers(ctx)}/${dossier}` : undefined,
  }
}

function acteurEnMots(acteur: string, agents: ReadonlyMap<string, string>): string {
  if (acteur.startsWith('usager')) return 'Un habitant'
  if (acteur === 'systeme') return 'Automatique'
  if (acteur.startsWith('expert')) return 'Une personne consultée'
  if (acteur.startsWith('api')) return 'Un autre logiciel'
  const id = idDe('agent', acteur)
  return id ? (agents.get(id) ?? 'Un agent') : (OBJETS[acteur.split(':')[0] ?? ''] ?? acteur)
}
