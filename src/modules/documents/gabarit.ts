import * as z from 'zod'
import { definitions } from '../formulaires/index.ts'

/** What a text written by a collectivité is for: a document about a dossier, or a message to the person who asks. */
export const usages = {
  'document.accepter': 'Décision d’acceptation',
  'document.refuser': 'Décision de refus',
  'document.classer_sans_suite': 'Classement sans suite',
  'document.accepter_auto': 'Attestation d’acceptation par le silence',
  'document.refuser_auto': 'Refus par le silence',
  'document.courrier': 'Courrier à la personne',
  'message.depot': 'Accusé de réception',
  'message.correction': 'Demande de correction',
  'message.relance_correction': 'Relance avant la fin d’une correction',
  'message.message': 'Annonce d’un message',
  'message.courrier': 'Annonce d’un courrier',
  'message.accepter': 'Demande acceptée',
  'message.refuser': 'Demande refusée',
  'message.classer_sans_suite': 'Demande classée sans suite',
  'message.accepter_auto': 'Demande acceptée par le silence',
  'message.refuser_auto': 'Demande refusée par le silence',
  'message.rouvrir': 'Dossier rouvert',
  'message.avis_de_purge': 'Avis avant effacement',
} as const
export type Usage = keyof typeof usages

export const estUsage = (text: string): text is Usage => Object.hasOwn(usages, text)
export const estMessage = (usage: Usage): boolean => usage.startsWith('message.')

/** Whether a collectivité has as many of these as it wants, chosen by their title; any other text is one for a use and a démarche. */
export const estCourrier = (usage: Usage): boolean => usage === 'document.courrier'

/** The parts of a text, as the page names them. A message has paragraphs only. */
export const typesDeBloc = { paragraphe: 'Paragraphe', titre: 'Titre', liste: 'Liste, un élément par ligne' } as const
export type TypeDeBloc = keyof typeof typesDeBloc

export const estTypeDeBloc = (text: string): text is TypeDeBloc => Object.hasOwn(typesDeBloc, text)

/** The agent who decides, among those who may sign. */
export const AGENT = 'agent'

/** Bounds of a text: a letter of two pages. The words of a démarche may have twenty paragraphs; beyond twelve, no page adds any (EcoIndex A). */
export const bornes = { titre: 200, sujet: 150, texte: 2000, blocs: 20, blocsOfferts: 12 } as const

// A dossier's data enters by its marks; what remains is printed as it is typed. NUL, half a character and controls of direction are refused.
const texte = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine(text => text.isWellFormed() && !/(?!\n)\p{Cc}|\p{Bidi_Control}/u.test(text), 'caractère de contrôle refusé')

/** The JSON shape of a text, as a version keeps it. */
export const schemaContenu = z.strictObject({
  /** The subject of the message, for a message. */
  sujet: texte(bornes.sujet).optional(),
  titre: texte(bornes.titre),
  blocs: z
    .array(
      z.strictObject({
        type: z.enum(Object.keys(typesDeBloc) as [TypeDeBloc, ...TypeDeBloc[]]),
        texte: texte(bornes.texte),
        /** Printed only when it holds for the answers of the dossier. */
        si: definitions.schemaExpression.optional(),
      }),
    )
    .min(1)
    .max(bornes.blocs),
  /** Who signs, instead of the agent who decides: the id of a signataire. */
  signataire: z.uuid().optional(),
  /** Who else may sign, as the agent who decides chooses. */
  signataires: z
    .array(z.union([z.uuid(), z.literal('agent')]))
    .max(31)
    .optional(),
})
export type Contenu = z.infer<typeof schemaContenu>
export type Bloc = Contenu['blocs'][number]

/** A text in its bounds; undefined when it is not one. */
export function lireContenu(contenu: unknown): Contenu | undefined {
  const read = schemaContenu.safeParse(contenu)
  return read.success ? read.data : undefined
}
