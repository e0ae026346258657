import { nomsDesAgents } from '../../agents/index.ts'
import type { Cas } from '../commands/instruire.ts'
import { piecesDe } from '../pieces.ts'
import { reponsesLues } from './cas.ts'
import { correctionsDuDossier, documentsDuDossier, evenementsDuDossier, messagesDuDossier } from './dossier.ts'
import { etiquettesDuDossier } from './etiquettes.ts'

/** A dossier whole, as another program reads it: labels beside values, instants in UTC, days as `YYYY-MM-DD`. Annotations only when asked. */
export async function dossierComplet(cas: Cas, avecAnnotations: boolean) {
  const { dossier } = cas
  const noms = await nomsDesAgents(cas.tx, dossier.agent_id ? [dossier.agent_id] : [])
  return {
    id: dossier.id,
    reference: dossier.reference,
    demarche: dossier.demarche_id,
    revision: dossier.revision,
    etat: dossier.etat,
    version: dossier.version,
    canal: dossier.canal,
    service: dossier.service,
    agent: dossier.agent_id ? { id: dossier.agent_id, nom: noms.get(dossier.agent_id) ?? null } : null,
    demandeur: { nom: dossier.demandeur_nom, courriel: dossier.demandeur_courriel },
    deposeLe: instant(dossier.depose_le),
    modifieLe: dossier.modifie_le.toISOString(),
    decideLe: instant(dossier.decide_le),
    silenceLe: dossier.silence_le,
    correctionEnAttente: dossier.correction_en_attente,
    sections: sectionsDe(cas),
    valeurs: dossier.reponses,
    ...(avecAnnotations ? { annotations: dossier.annotations } : {}),
    ...(await autour(cas)),
  }
}

/** What the person and the collectivité wrote, in order. */
export async function messagesPourProgramme({ tx, collectivite, dossier }: Cas) {
  return (await messagesDuDossier(tx, collectivite.id, dossier.id)).map(({ id, auteur_nature, texte, le, lu_le, pieces }) => ({
    id,
    de: auteur_nature === 'usager' ? ('usager' as const) : ('collectivite' as const),
    texte,
    le: le.toISOString(),
    luLe: instant(lu_le),
    pieces: pieces.map(({ id: fichier, nom, tailleOctets }) => ({ id: fichier, nom, tailleOctets })),
  }))
}

const instant = (date: Date | null): string | null => date?.toISOString() ?? null

function sectionsDe(cas: Cas) {
  const { modele, dossier } = cas
  const joined = new Set(piecesDe(modele.formulaire, dossier.reponses).map(({ piece }) => piece.id))
  return reponsesLues(cas).map(({ etape, rowId, titre, lignes }) => ({
    etape,
    ligne: rowId ?? null,
    titre,
    reponses: lignes.map(({ champ, libelle, valeur, pieces }) => ({
      champ,
      libelle,
      texte: valeur,
      ...(pieces
        ? { pieces: pieces.filter(({ id }) => joined.has(id)).map(({ id, nom, tailleOctets }) => ({ id, nom, tailleOctets })) }
        : {}),
    })),
  }))
}

async function autour(cas: Cas) {
  const { tx, collectivite, dossier } = cas
  const documents = await documentsDuDossier(tx, collectivite.id, dossier.id)
  const corrections = await correctionsDuDossier(tx, collectivite.id, dossier.id)
  return {
    etiquettes: (await etiquettesDuDossier(tx, collectivite.id, dossier.id)).map(({ id, nom, echeance }) => ({ id, nom, echeance })),
    corrections: corrections.map(({ motif, message, champs, echeance, demandee_le, repondue_le }) => ({
      ...{ motif, message, champs, echeance },
      demandeeLe: demandee_le.toISOString(),
      repondueLe: instant(repondue_le),
    })),
    documents: documents.map(({ id, nature, titre, emis_le, revoque_le, empreinte }) => ({
      ...{ id, nature, titre },
      emisLe: emis_le.toISOString(),
      revoqueLe: instant(revoque_le),
      sha256: empreinte,
    })),
    messages: await messagesPourProgramme(cas),
    historique: (await evenementsDuDossier(tx, collectivite.id, dossier.id)).map(({ rang, nature, auteur_nature, canal, le, motif }) => ({
      ...{ version: rang, evenement: nature, auteur: auteur_nature, canal, motif },
      le: le.toISOString(),
    })),
  }
}
