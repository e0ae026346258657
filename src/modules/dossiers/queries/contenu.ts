import { sql } from 'kysely'
import type { Tx } from '../../../platform/db/open.ts'
import type { Cas } from '../commands/instruire.ts'
import { type AuteurNature, LIBELLES_ETATS, type NatureEvenement } from '../dossier.ts'
import { piecesDe } from '../pieces.ts'
import { reponsesLues } from './cas.ts'
import { correctionsDesDossiers, documentsDesDossiers, evenementsDesDossiers, messagesDesDossiers, parDossier } from './dossier.ts'
import { type Lecture, lecturesDesDossiers } from './lectures.ts'

/** For whom a dossier is written down whole: the person it is about, or those who keep it for the collectivité. */
export type Destinataire = 'personne' | 'mairie'

/** Acts that the person sees, with their reasons; the others are the work of agents among themselves. */
export const MONTRES: readonly NatureEvenement[] = [
  'ouvrir',
  'deposer',
  'prendre_en_instruction',
  'demander_correction',
  'repondre_correction',
  'repasser_en_construction',
  'accepter',
  'accepter_auto',
  'refuser',
  'refuser_auto',
  'classer_sans_suite',
  'rouvrir',
  'ecrire',
  'rectifier',
  'corriger_courriel',
  'renouveler_code',
  'envoyer_courrier',
  'effacer_identite',
]

const AUTEURS: Readonly<Record<AuteurNature, string>> = {
  usager: 'la personne',
  agent: 'un agent',
  systeme: 'automatique',
  expert: 'une personne consultée',
  api: 'un autre logiciel de la collectivité',
}

/**
 * All that a dossier holds, as plain data in a fixed order: what is given to the person who asks (RGPD, articles 15 and 20), what goes to the
 * archives, what a tombstone keeps the imprint of. Agents are named by their role only: their names are not data of the person.
 */
export const contenuDuDossier = async (cas: Cas, pour: Destinataire) =>
  contenuAvec(cas, pour, await partsDesDossiers(cas.tx, cas.collectivite.id, [cas.dossier.id], pour))

/** What is written of some dossiers beside their answers, read for all of them at once. */
export interface Parts extends Awaited<ReturnType<typeof partsDesDossiers>> {}

/** Reads it, in as many statements for a thousand dossiers as for one. */
export async function partsDesDossiers(tx: Tx, collectiviteId: string, ids: readonly string[], pour: Destinataire) {
  const ici = [tx, collectiviteId, ids] as const
  return {
    evenements: await evenementsDesDossiers(...ici),
    corrections: await correctionsDesDossiers(...ici),
    messages: await messagesDesDossiers(...ici),
    documents: await documentsDesDossiers(...ici),
    avis: await avisRendus(...ici),
    // The journal, larger than all the rest, is asked only when it is told.
    lectures: pour === 'personne' ? await lecturesDesDossiers(...ici) : new Map<string, readonly Lecture[]>(),
  }
}

/** `contenuDuDossier`, with what was read of it among others. */
export function contenuAvec(cas: Omit<Cas, 'tx'>, pour: Destinataire, parts: Parts) {
  const { collectivite, dossier, modele } = cas
  const sien = <Row>(rows: ReadonlyMap<string, readonly Row[]>): readonly Row[] => rows.get(dossier.id) ?? []
  const evenements = sien(parts.evenements)
  const shown = pour === 'mairie' ? evenements : evenements.filter(({ nature }) => MONTRES.includes(nature))
  return {
    collectivite: collectivite.nom,
    demarche: { id: dossier.demarche_id, titre: modele.titre, revision: dossier.revision },
    reference: dossier.reference,
    etat: LIBELLES_ETATS[dossier.etat],
    canal: dossier.canal,
    service: dossier.service,
    demandeur: { nom: dossier.demandeur_nom, courriel: dossier.demandeur_courriel },
    dates: {
      commencee: dossier.cree_le,
      deposee: dossier.depose_le,
      decidee: dossier.decide_le,
      silence: dossier.silence_le,
    },
    reponses: reponsesLues(cas).map(({ titre, lignes }) => ({
      etape: titre,
      lignes: lignes.map(({ champ, libelle, valeur }) => ({ question: libelle, champ, reponse: valeur })),
    })),
    pieces: piecesDe(modele.formulaire, dossier.reponses).map(({ champ, piece }) => ({
      champ,
      nom: piece.nom,
      octets: piece.tailleOctets,
      id: piece.id,
    })),
    evenements: shown.map(({ nature, auteur_nature, canal, le, motif }) => ({ nature, auteur: AUTEURS[auteur_nature], canal, le, motif })),
    corrections: sien(parts.corrections).map(({ motif, message, echeance, demandee_le, repondue_le }) => ({
      motif,
      message,
      echeance,
      demandee: demandee_le,
      repondue: repondue_le,
    })),
    messages: sien(parts.messages).map(({ auteur_nature, texte, le, lu_le, pieces }) => ({
      auteur: AUTEURS[auteur_nature],
      texte,
      le,
      lu: lu_le,
      pieces: (pieces ?? []).map(({ nom, tailleOctets, id }) => ({ nom, octets: tailleOctets, id })),
    })),
    documents: sien(parts.documents).map(({ titre, emis_le, revoque_le, code, fichier_id }) => ({
      titre,
      emis: emis_le,
      revoque: revoque_le,
      code,
      id: fichier_id,
    })),
    avis: sien(parts.avis)
      .filter(({ est_confidentielle }) => pour === 'mairie' || !est_confidentielle)
      .map(({ question, reponse, texte, rendue_le }) => ({ question, reponse, texte, rendu: rendue_le, par: 'une personne consultée' })),
    provenances: dossier.provenances,
    // The journal outlives the dossier: the copy of those who keep it stays the same whoever reads it.
    ...(pour === 'mairie'
      ? { annotations: dossier.annotations }
      : { lectures: sien(parts.lectures).map(({ le, nature }) => ({ le, par: 'un agent', quoi: nature })) }),
  }
}

/** What `contenuDuDossier` gives. */
export type ContenuDuDossier = ReturnType<typeof contenuAvec>

const avisRendus = (tx: Tx, collectiviteId: string, ids: readonly string[]) =>
  parDossier(
    tx,
    sql<{
      dossier_id: string
      question: string
      reponse: string | null
      texte: string | null
      rendue_le: Date
      est_confidentielle: boolean
    }>`select dossier_id, question, reponse, texte, rendue_le, est_confidentielle from demande_avis
      where collectivite_id = ${collectiviteId} and dossier_id = any(${ids}::uuid[]) and rendue_le is not null and retiree_le is null order by rendue_le, id`,
  )
