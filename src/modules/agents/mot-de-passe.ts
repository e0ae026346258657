import type { Refusal } from '../../platform/refusal.ts'
import { refusals } from './refusals.ts'

/** An agent also has a second factor: 12 characters (ANSSI, recommandations relatives à l’authentification multifacteur, R21 to R23). */
export const LONGUEUR_MIN = 12

// The hundred words that most passwords of the published leaks are made of, in France and elsewhere, with their usual suffixes removed.
const COURANTS = new Set(
  `123456 123456789 1234567890 0123456789 987654321 azerty azertyuiop qwerty qwertyuiop qwertz motdepasse password passw0rd passe
  bonjour bonsoir salut coucou soleil loulou doudou chouchou louloute nicolas camille thomas julien marine chocolat marseille
  doudoune princesse jetaime iloveyou amour mamour chaton minou minette poussin lapin cheval papillon fleur tigrou pepette
  bienvenue welcome admin administrateur administrator administration root toor guest invite utilisateur user secret sesame
  letmein monkey dragon football baseball master superman batman pokemon starwars naruto sunshine shadow michael jordan
  charlie liverpool chelsea arsenal barcelona realmadrid parissaintgermain psg olympique france paris toulouse bretagne normandie
  mairie commune collectivite secretariat accueil etatcivil informatique ordinateur internet computer connexion samsung google
  facebook linkedin changeme changezmoi temporaire provisoire vacances noel anniversaire famille maison`.split(/\s+/),
)

/** Whether a password is one of those that are tried first: a common word alone, repeated, or with figures and signs around it; a run of keys. */
export function estCourant(motDePasse: string): boolean {
  const brut = motDePasse.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s/g, '')
  const lisible = (texte: string) =>
    texte.replace(/[@4]/g, 'a').replace(/0/g, 'o').replace(/[1!]/g, 'i').replace(/3/g, 'e').replace(/[$5]/g, 's')
  const nu = (texte: string) => texte.replace(/^[^a-z]+|[^a-z]+$/g, '')
  const candidats = [brut, nu(brut), lisible(nu(brut)), unite(brut), unite(nu(brut))]
  return candidats.some(candidat => COURANTS.has(candidat)) || unite(brut).length <= 3 || estUneSuite(brut)
}

/** The shortest text that gives this one when it is repeated: « abcabc » → « abc ». */
function unite(texte: string): string {
  const longueur = texte === '' ? -1 : `${texte}${texte}`.indexOf(texte, 1)
  return longueur > 0 ? texte.slice(0, longueur) : texte
}

const RANGEES = ['01234567890123456789', 'abcdefghijklmnopqrstuvwxyz', 'azertyuiopqsdfghjklmwxcvbn', 'qwertyuiopasdfghjklzxcvbnm']
const SUITES = RANGEES.flatMap(rangee => [rangee, [...rangee].reverse().join('')])
const estUneSuite = (texte: string): boolean => SUITES.some(suite => suite.includes(texte))

/**
 * Why a password cannot be chosen; undefined when it can. Length, not composition (NIST SP 800-63B §5.1.1.2): too short, too common, or
 * one's own address.
 */
export function problemeDuMotDePasse(motDePasse: string, courriel: string): Refusal | undefined {
  if ([...motDePasse.normalize('NFC')].length < LONGUEUR_MIN) return refusals.mot_de_passe_court
  const [local = '', domaine = ''] = courriel.split('@')
  const bas = motDePasse.toLowerCase()
  if (bas === courriel || bas === `${local}${domaine}` || unite(bas) === local) return refusals.mot_de_passe_courriel
  return estCourant(motDePasse) ? refusals.mot_de_passe_courant : undefined
}
