import type { Tx } from '../../../../platform/db/open.ts'
import { dates } from '../../../formulaires/index.ts'
import { LIBELLES_ETATS } from '../../dossier.ts'
import { etiquetteParId } from '../../queries/etiquettes-de-liste.ts'
import type { AFaire, Choix, Tri } from '../../recherche/choix.ts'
import { filtrageDe, optionsDe } from '../../recherche/valeurs.ts'
import type { Champs } from './choix.ts'

export const LIBELLES_DES_TRIS: Readonly<Record<Tri, string>> = {
  echeance: 'Échéance la plus proche',
  anciens: 'Les plus anciens',
  recents: 'Les plus récents',
  activite: 'Dernière activité',
  nom: 'Nom',
}

/** Why a dossier asks for an agent: the title of its group, and what it says of one dossier. */
export const LIBELLES_A_FAIRE: Readonly<Record<AFaire, string>> = {
  retard: 'En retard',
  silence: 'Échéance dans les 15 jours',
  reponse: 'Réponses reçues',
  message: 'Messages non lus',
  avis: 'Avis en retard',
  envoi: 'Messages non arrivés',
  nouveau: 'À prendre en charge',
}

export const LIBELLES_DES_CANAUX: Readonly<Record<string, string>> = {
  web: 'En ligne',
  guichet: 'Au guichet',
  papier: 'Sur papier',
  sms: 'Par SMS',
  api: 'Par un autre logiciel',
  hubee: 'Par Service-Public.fr',
}

export const LIBELLES_DES_CHOIX_D_ETAT = { tous: 'Tous les états', termines: 'Terminés' } as const

/** What is asked beside the short form, in words, each with the address of the list without it. */
export async function conditionsEnMots(
  tx: Tx,
  collectiviteId: string,
  choix: Choix,
  champs: Champs,
  href: (sans: Choix) => string,
): Promise<{ texte: string; sans: string }[]> {
  const { etat, faire, service, etiquette, canal, du, au } = choix
  const label = etiquette && (await etiquetteParId(tx, collectiviteId, etiquette))
  const found: [string | false | undefined, Partial<Choix>][] = [
    [etat !== '' && (etat === 'tous' || etat === 'termines' ? LIBELLES_DES_CHOIX_D_ETAT[etat] : LIBELLES_ETATS[etat]), { etat: '' }],
    [faire !== '' && LIBELLES_A_FAIRE[faire], { faire: '' }],
    [service !== '' && `Service : ${service}`, { service: '' }],
    [etiquette !== '' && `Étiquette : ${label || 'retirée'}`, { etiquette: '' }],
    [canal !== '' && LIBELLES_DES_CANAUX[canal], { canal: '' }],
    [du !== '' && `Reçus depuis le ${dates.longDate(du)}`, { du: '' }],
    [au !== '' && `Reçus jusqu’au ${dates.longDate(au)}`, { au: '' }],
    ...choix.champs.map((one): [string | false, Partial<Choix>] => [
      champs.has(one.champ) && champEnMots(champs, one),
      { champs: choix.champs.filter(other => other !== one) },
    ]),
  ]
  return found.flatMap(([texte, without]) => (texte ? [{ texte, sans: href({ ...choix, ...without }) }] : []))
}

function champEnMots(champs: Champs, { champ: id, valeur, de, a, mots }: Choix['champs'][number]): string {
  const champ = champs.get(id)!
  const show = (bound: string) => (filtrageDe(champ) === 'dates' && dates.isDay(bound) ? dates.longDate(bound) : bound)
  const option = valeur && (optionsDe(champ).find(({ value }) => value === valeur)?.label ?? valeur)
  const between = [de && `à partir de ${show(de)}`, a && `jusqu’à ${show(a)}`].filter(Boolean).join(', ')
  return `${champ.libelle} : ${option || mots || between}`
}
