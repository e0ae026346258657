import { Readable } from 'node:stream'
import type { App } from '../../../platform/app.ts'
import { inTenant, type Tx } from '../../../platform/db/open.ts'
import { type Entry, safePaths } from '../../../platform/export/index.ts'
import { filesOf, openFile } from '../../../platform/files/index.ts'
import { nomsDesAgents } from '../../agents/index.ts'
import { dates, recapitulatif, reserve, type SectionRecapitulatif } from '../../formulaires/index.ts'
import { instantEnMots } from '../accuse.ts'
import { type DossierEcrit, ecrireDossier } from '../archive/dossier-html.tsx'
import { annotable, envDesAnnotations } from '../commands/annoter.ts'
import type { Cas } from '../commands/instruire.ts'
import { type AuteurNature, LIBELLES_ETATS } from '../dossier.ts'
import { piecesDe } from '../pieces.ts'
import { titreDeLEvenement } from '../titres.ts'
import { avisDuDossier } from './avis-externe.ts'
import { reponsesLues } from './cas.ts'
import { contenuDuDossier } from './contenu.ts'
import { documentsDuDossier, evenementsDuDossier, messagesDuDossier } from './dossier.ts'

const TYPES_COMPRESSES = /^(image\/|application\/(pdf|zip|vnd\.))/

interface Joint {
  readonly id: string
  readonly nom: string
  readonly dans: 'pieces' | 'documents' | 'messages' | 'annotations' | 'avis'
}

/**
 * A dossier as files: a page that anyone reads, the same as JSON, and every file of it that may be read. Annotations, and the files in them, only when asked.
 * `dans` is the folder of the archive. The files are opened later, each in a transaction of its own.
 */
export async function archiveDuDossier(cas: Cas, avecAnnotations: boolean, dans: readonly string[] = []): Promise<Entry[]> {
  const { app, tx, collectivite } = cas
  const annotations = avecAnnotations ? await sectionsDesAnnotations(cas) : undefined
  const joints = await fichiersJoints(cas, annotations ?? [])
  const { presents, absents } = await trierLesFichiers(tx, collectivite.id, joints)
  const paths = safePaths([['dossier.html'], ['dossier.json'], ...presents.map(({ dans: folder, nom }) => [folder, nom])])
  const places = new Map(presents.map(({ id }, rank) => [id, paths[rank + 2]!]))
  const ecrit = await dossierEcrit(cas, annotations, places, absents)
  const contenu = await contenuDuDossier(cas, 'mairie')
  const json = JSON.stringify(contenu, (key, value: unknown) => (key === 'annotations' && !avecAnnotations ? undefined : value), 2)
  const at = app.clock.now()
  const folder = dans.length > 0 ? `${dans.join('/')}/` : ''
  const text = (path: string, content: string): Entry => ({
    path: `${folder}${path}`,
    at,
    open: async () => Readable.from([Buffer.from(content)]),
  })
  return [
    text(paths[0]!, ecrireDossier(ecrit)),
    text(paths[1]!, json),
    ...presents.map(({ id, type }) => {
      const isCompressed = TYPES_COMPRESSES.test(type)
      return { path: `${folder}${places.get(id)!}`, at, isCompressed, open: () => ouvrirPourArchive(app, collectivite.id, id) }
    }),
  ]
}

const RAISONS: Readonly<Record<string, string>> = {
  recu: 'sa vérification n’est pas terminée',
  refuse: 'il a été refusé à la vérification',
  absent: 'il a été effacé',
}

/** The files of a dossier that can be read, with their kind, and the others with why: what an archive leaves out, it says. */
export async function trierLesFichiers<Fichier extends { readonly id: string; readonly nom: string }>(
  tx: Tx,
  collectiviteId: string,
  fichiers: readonly Fichier[],
): Promise<{ presents: (Fichier & { type: string })[]; absents: { nom: string; raison: string }[] }> {
  const ids = fichiers.map(({ id }) => id)
  const known = new Map((await filesOf(tx, collectiviteId, ids)).map(file => [file.fichierId, file]))
  const presents: (Fichier & { type: string })[] = []
  const absents: { nom: string; raison: string }[] = []
  for (const fichier of fichiers) {
    const found = known.get(fichier.id)
    if (found?.state === 'disponible') presents.push({ ...fichier, type: found.type })
    else absents.push({ nom: fichier.nom, raison: RAISONS[found?.state ?? 'absent'] ?? RAISONS['absent']! })
  }
  return { presents, absents }
}

/** A file of an archive, opened when its turn comes, in a transaction of its own: the one that listed it is over by then. */
export async function ouvrirPourArchive(app: App, collectiviteId: string, fichierId: string): Promise<Readable> {
  const opened = await inTenant(app.db, collectiviteId, tx => openFile(app.files, tx, { collectiviteId, fichierId }))
  // Erased since: the archive breaks rather than being taken for whole.
  if (!opened.ok) throw new Error(`file ${fichierId}: ${opened.refusal.code}`)
  return opened.value.stream
}

async function sectionsDesAnnotations(cas: Cas): Promise<SectionRecapitulatif[]> {
  const found = await annotable(cas)
  if (!found) return []
  const reserved = new Set(reserve.etapesReservees(found.formulaire).map(({ id }) => id))
  return recapitulatif(found.formulaire, found.reponses, envDesAnnotations(cas)).filter(({ etape }) => reserved.has(etape))
}

/** Every file of a dossier, what is issued and the opinions included; those of annotations when they are given. `dans`: its folder in an archive. */
export async function fichiersJoints(cas: Cas, annotations: readonly SectionRecapitulatif[]): Promise<Joint[]> {
  const { tx, collectivite, dossier, modele } = cas
  const ici = [tx, collectivite.id, dossier.id] as const
  return [
    ...piecesDe(modele.formulaire, dossier.reponses).map(({ piece }) => ({ id: piece.id, nom: piece.nom, dans: 'pieces' as const })),
    ...(await documentsDuDossier(...ici)).map(({ fichier_id, titre }) => ({
      id: fichier_id,
      nom: `${titre}.pdf`,
      dans: 'documents' as const,
    })),
    ...(await messagesDuDossier(...ici)).flatMap(({ pieces }) => pieces.map(({ id, nom }) => ({ id, nom, dans: 'messages' as const }))),
    ...(await avisDuDossier(...ici)).flatMap(({ piece }) => (piece ? [{ id: piece.id, nom: piece.nom, dans: 'avis' as const }] : [])),
    ...annotations.flatMap(({ lignes }) =>
      lignes.flatMap(({ pieces }) => (pieces ?? []).map(({ id, nom }) => ({ id, nom, dans: 'annotations' as const }))),
    ),
  ]
}

const QUI: Readonly<Record<AuteurNature, string>> = {
  usager: 'la personne',
  agent: 'un agent',
  systeme: 'automatique',
  expert: 'une personne consultée',
  api: 'un autre logiciel',
}

async function dossierEcrit(
  cas: Cas,
  annotations: readonly SectionRecapitulatif[] | undefined,
  places: ReadonlyMap<string, string>,
  absents: DossierEcrit['absents'],
): Promise<DossierEcrit> {
  const { app, tx, collectivite, dossier, modele } = cas
  const ici = [tx, collectivite.id, dossier.id] as const
  const [evenements, messages, documents, avis] = [
    await evenementsDuDossier(...ici),
    await messagesDuDossier(...ici),
    await documentsDuDossier(...ici),
    await avisDuDossier(...ici),
  ]
  const ids = [...evenements, ...messages].flatMap(({ auteur_nature, auteur_id }) =>
    auteur_nature === 'agent' && auteur_id ? [auteur_id] : [],
  )
  const noms = await nomsDesAgents(tx, [...new Set(dossier.agent_id ? [...ids, dossier.agent_id] : ids)])
  const quand = (date: Date) => instantEnMots(date, collectivite)
  const qui = (nature: AuteurNature, id: string | null) => (nature === 'agent' && id && noms.get(id)) || QUI[nature]
  const lien = (id: string) => places.get(id)?.split('/').map(encodeURIComponent).join('/')
  const fichiers = (pieces: readonly { readonly id: string; readonly nom: string }[]) =>
    pieces.map(({ id, nom }) => ({ nom, href: lien(id) }))
  const section = ({ titre, lignes }: SectionRecapitulatif) => ({
    titre,
    lignes: lignes.map(({ libelle, valeur, pieces }) => ({ cle: libelle, valeur, fichiers: fichiers(pieces ?? []) })),
  })
  return {
    collectivite: collectivite.nom,
    titre: modele.titre,
    reference: dossier.reference,
    faits: [
      { cle: 'Demandeur', valeur: [dossier.demandeur_nom, dossier.demandeur_courriel].filter(Boolean).join('\n') },
      { cle: 'État', valeur: LIBELLES_ETATS[dossier.etat] },
      ...(dossier.depose_le ? [{ cle: 'Reçue le', valeur: quand(dossier.depose_le) }] : []),
      ...(dossier.silence_le ? [{ cle: 'Sans réponse avant le', valeur: dates.longDate(dossier.silence_le) }] : []),
      ...(dossier.decide_le ? [{ cle: 'Décidée le', valeur: quand(dossier.decide_le) }] : []),
      { cle: 'En charge', valeur: [dossier.agent_id && noms.get(dossier.agent_id), dossier.service].filter(Boolean).join(', ') },
    ],
    sections: reponsesLues(cas).map(section),
    annotations: annotations?.map(section),
    documents: documents.map(({ titre, emis_le, revoque_le, fichier_id }) => ({
      texte: `${titre}, ${quand(emis_le)}${revoque_le ? ` (révoqué le ${quand(revoque_le)})` : ''}`,
      href: lien(fichier_id),
    })),
    messages: messages.map(({ auteur_nature, auteur_id, le, texte, pieces }) => ({
      qui: auteur_nature === 'usager' ? dossier.demandeur_nom || 'La personne' : qui('agent', auteur_id),
      quand: quand(le),
      texte,
      fichiers: fichiers(pieces),
    })),
    avis: avis
      .filter(({ rendue_le, retiree_le }) => rendue_le && !retiree_le)
      .map(({ question, expert_nom, reponse, texte }) => ({
        question,
        qui: expert_nom,
        reponse: [reponse, texte].filter(Boolean).join(', '),
      })),
    historique: evenements.map(({ nature, auteur_nature, auteur_id, le, motif }) => ({
      quand: quand(le),
      quoi: titreDeLEvenement[nature],
      qui: qui(auteur_nature, auteur_id),
      motif: motif ?? '',
    })),
    absents,
    le: quand(app.clock.now()),
  }
}
