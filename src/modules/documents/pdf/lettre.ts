import { civilDay } from '../../../platform/clock.ts'
import type { Bloc, Courrier } from '../../../platform/pdf/courrier.ts'
import { dates } from '../../formulaires/index.ts'
import { type Collectivite, fuseau } from '../../territoire/index.ts'
import type { Compose } from '../composer.ts'
import type { SignataireRow } from '../tables.ts'

/** What every letter has around its words. */
export type Entete = Omit<Courrier, 'titre' | 'blocs' | 'signature'>

/** The head and foot of a letter of a collectivité about a dossier; `le` is the instant that dates it. */
export function enTete(
  collectivite: Collectivite,
  le: Date,
  dossier: Pick<Courrier, 'destinataire' | 'demonstration'> & { readonly reference: string },
): Entete {
  const { nom, reglage } = collectivite
  const lieu = [reglage.codePostal, reglage.ville].filter(Boolean).join(' ')
  return {
    emetteur: {
      nom,
      lignes: reglage.adresse ? [...reglage.adresse.split('\n'), ...(lieu ? [lieu] : [])] : [],
      telephone: reglage.telephone ?? undefined,
      courriel: reglage.courriel ?? undefined,
      couleur: reglage.couleur ?? undefined,
    },
    lieuEtDate: `${reglage.ville ?? nom}, le ${dates.longDate(civilDay(le, fuseau(collectivite)))}`,
    piedDePage: `${nom} – dossier ${dossier.reference}`,
    ...dossier,
  }
}

/** What a document says beside its text, that no text may take away. */
export interface Cadre {
  readonly faits: readonly { readonly cle: string; readonly valeur: string }[]
  /** The reason of the decision, under its title; printed once, here or by the text itself. */
  readonly motif: { readonly titre: string; readonly texte: string } | undefined
  /** How to contest it. */
  readonly recours: string | undefined
  /** Who decides, when nobody else was chosen to sign. */
  readonly auteur: { readonly qualite: string; readonly nom: string | undefined } | undefined
}

/**
 * A document as a letter: its text, its reason (CRPA L211-5 asks for it in writing), how to contest it (CJA R421-5), and who signs: name, quality
 * and service, which dispense a decision notified by a téléservice from a signature (CRPA L212-1, L212-2).
 */
export function courrierDuDocument(
  entete: Entete,
  texte: Compose & { readonly signataire: Pick<SignataireRow, 'nom' | 'qualite' | 'image'> | undefined },
  cadre: Cadre,
): Courrier {
  const { signataire } = texte
  const blocs: Bloc[] = [...(cadre.faits.length > 0 ? [{ type: 'definitions', elements: cadre.faits } as const] : []), ...texte.blocs]
  if (cadre.motif && !texte.dites.has('motif')) blocs.push({ type: 'encadre', ...cadre.motif })
  if (cadre.recours) blocs.push({ type: 'titre', texte: 'Pour contester cette décision' }, { type: 'paragraphe', texte: cadre.recours })
  const signature = signataire ? { qualite: signataire.qualite, nom: signataire.nom, image: signataire.image ?? undefined } : cadre.auteur
  return { ...entete, titre: texte.titre, blocs, signature }
}
