/** The roles of an agent in a collectivité; in a small mairie one person has several. */
export const ROLES = ['administrateur', 'instructeur', 'decideur', 'lecteur'] as const
export type Role = (typeof ROLES)[number]

/** How each role is called, and what it allows, as agents read it. */
export const libelleDuRole: Readonly<Record<Role, { readonly nom: string; readonly permet: string }>> = {
  administrateur: { nom: 'Administrateur', permet: 'gère l’équipe et les réglages, lit le journal ; ne voit pas les dossiers' },
  instructeur: { nom: 'Instructeur', permet: 'traite les dossiers : les prend en charge, demande des corrections, écrit aux usagers' },
  decideur: { nom: 'Décideur', permet: 'accepte, refuse, classe et rouvre les dossiers' },
  lecteur: { nom: 'Lecteur', permet: 'lit les dossiers sans rien y changer' },
}

/** What can be asked of an agent: code → what it allows. */
export const permissions = {
  'dossiers.lire': 'Lire les dossiers',
  'dossiers.instruire': 'Prendre en charge un dossier, demander une correction, écrire à l’usager',
  'dossiers.decider': 'Accepter, refuser, classer sans suite et rouvrir un dossier',
  'reglages.modifier': 'Changer les réglages et les démarches de la collectivité',
  'agents.gerer': 'Inviter des agents, changer leurs rôles, retirer leur accès',
  'journal.lire': 'Lire le journal de la collectivité',
  'catalogue.partager': 'Diffuser des démarches à toutes les collectivités du territoire',
} as const
export type Permission = keyof typeof permissions

// An administrateur sees no dossier unless they are also something else: managing accounts needs no personal data.
const PERMISSIONS_DU_ROLE: Readonly<Record<Role, readonly Permission[]>> = {
  administrateur: ['reglages.modifier', 'agents.gerer', 'journal.lire'],
  instructeur: ['dossiers.lire', 'dossiers.instruire'],
  decideur: ['dossiers.lire', 'dossiers.decider'],
  lecteur: ['dossiers.lire'],
}

/**
 * What an agent with these roles may do; an unknown role gives nothing. In the collectivité that carries what the territory shares
 * (`estPorteur`), who manages its démarches also spreads them.
 */
export function permissionsDe(roles: readonly string[], estPorteur = false): ReadonlySet<string> {
  const granted = new Set<Permission>(rolesLus(roles).flatMap(role => PERMISSIONS_DU_ROLE[role]))
  if (estPorteur && granted.has('reglages.modifier')) granted.add('catalogue.partager')
  return granted
}

/** The roles among texts received, each once, in the order of the house. */
export const rolesLus = (textes: readonly string[]): Role[] => ROLES.filter(role => textes.includes(role))

/** « Instructeur, Décideur ». */
export const enMots = (roles: readonly string[]): string =>
  rolesLus(roles)
    .map(role => libelleDuRole[role].nom)
    .join(', ')

/** The first page of an agent, within the collectivité. */
export const accueilDe = (accordees: ReadonlySet<string>): string => (accordees.has('dossiers.lire') ? '/agent/accueil' : '/agent/equipe')

/** An e-mail address as accounts know it: in lower case (the local part too: no mail server of today tells them apart). */
export const courrielDeCompte = (typed: string): string => typed.trim().toLowerCase()

/**
 * Where to go back to after signing in: a page of the agents of this collectivité, never another site nor another collectivité.
 * Gives undefined for anything else.
 */
export function retourSur(typed: string): string | undefined {
  const isOurs = /^\/agent(\/[\w.~-]+)*(\?[\w.~%&=+-]*)?$/.test(typed) && !/\/\.{1,2}(\/|\?|$)/.test(typed)
  return isOurs && !/^\/agent\/(connexion|deconnexion|invitation)\b/.test(typed) ? typed : undefined
}

/** How long an invitation can be accepted, in hours. */
export const INVITATION_HEURES = 72
