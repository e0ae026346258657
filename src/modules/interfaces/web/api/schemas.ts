import * as z from 'zod'
import { Form } from '../../../../platform/http/form.ts'
import { LIBELLES_ETATS, programmes } from '../../../dossiers/index.ts'

const enumOf = <T extends string>(record: Readonly<Record<T, string>>) => z.enum(Object.keys(record) as [T, ...T[]])

export const etat = enumOf(LIBELLES_ETATS).describe('L’état, au sens de la loi')
export const nature = enumOf(programmes.titreDeLEvenement).describe('Ce qui est arrivé')
const instant = z.iso.datetime().describe('Un instant, en temps universel')
const jour = z.iso.date().describe('Un jour, là où est la collectivité')
const auteur = z.enum(['usager', 'agent', 'systeme', 'expert', 'api'])
const canal = z.enum(['web', 'sms', 'papier', 'guichet', 'api', 'hubee'])
const id = z.uuid()
const version = z.int().min(1).describe('Grandit à chaque changement ; à redonner dans « If-Match » pour agir')

/** Every refusal of the API. */
export const refus = z.object({
  code: z.string().describe('Ne change pas d’une version à l’autre : c’est lui que lit un programme'),
  message: z.string().describe('En français, pour une personne'),
  champ: z.string().optional().describe('Où, quand le refus porte sur une valeur envoyée'),
  erreurs: z
    .array(z.object({ chemin: z.string(), message: z.string() }))
    .optional()
    .describe('Ce qui ne convient pas, un par un'),
  refuses: z
    .array(z.object({ champ: z.string(), message: z.string() }))
    .optional()
    .describe('Les réponses que le formulaire refuse'),
  curseur: z.string().optional().describe('D’où repartir, quand le curseur donné est en avance'),
  reference: z.string().optional().describe('À citer quand vous signalez une erreur inattendue'),
})

export const jetonLu = z.strictObject({
  nom: z.string(),
  droits: z.array(z.string()),
  demarches: z.array(z.string()).nullable().describe('null : toutes'),
  collectivite: z.string(),
})

export const listeDeDemarches = z.strictObject({
  collectivite: z.string(),
  demarches: z.array(
    z.strictObject({
      id: z.string(),
      titre: z.string(),
      resume: z.string(),
      revision: z.int(),
      adresse: z.string(),
      definition: z.string(),
      preRemplissages: z.string(),
    }),
  ),
})

export const definition = z
  .looseObject({ id: z.string(), titre: z.string() })
  .describe('Une démarche entière, selon /schemas/demarche.json')

export const lienPrepare = z.strictObject({
  lien: z.string().describe('À donner à la personne seule'),
  expireLe: instant,
  refuses: z.array(z.strictObject({ champ: z.string(), message: z.string() })),
})

const resume = z.strictObject({
  id,
  reference: z.string(),
  demarche: z.string(),
  revision: z.int(),
  etat,
  version,
  service: z.string().nullable(),
  demandeur: z.string().nullable().describe('Le nom de la personne qui demande'),
  deposeLe: instant.nullable(),
  modifieLe: instant,
  decideLe: instant.nullable(),
  silenceLe: jour.nullable().describe('Le jour où le silence décide'),
})

export const listeDeDossiers = z.strictObject({
  dossiers: z.array(resume),
  suivant: z.string().nullable().describe('Le curseur de la page suivante ; null : il n’y en a pas'),
})

const piece = z.strictObject({ id: z.string(), nom: z.string(), tailleOctets: z.int() })

export const message = z.strictObject({
  id,
  de: z.enum(['usager', 'collectivite']),
  texte: z.string(),
  le: instant,
  luLe: instant.nullable(),
  pieces: z.array(piece),
})

export const messages = z.strictObject({ messages: z.array(message) })

const valeurs = z
  .looseObject({})
  .describe('Telles qu’elles sont gardées : « champs » par identifiant de question, « lignes » pour les étapes répétées')

export const dossier = z.strictObject({
  ...resume.omit({ demandeur: true }).shape,
  canal,
  agent: z.strictObject({ id, nom: z.string().nullable() }).nullable().describe('Qui le traite'),
  demandeur: z.strictObject({ nom: z.string().nullable(), courriel: z.string().nullable() }),
  correctionEnAttente: z.boolean(),
  sections: z
    .array(
      z.strictObject({
        etape: z.string(),
        ligne: z.string().nullable(),
        titre: z.string(),
        reponses: z.array(z.strictObject({ champ: z.string(), libelle: z.string(), texte: z.string(), pieces: z.array(piece).optional() })),
      }),
    )
    .describe('Les réponses comme une personne les lit'),
  valeurs,
  annotations: valeurs.optional().describe('Seulement avec le droit « annotations.lire »'),
  etiquettes: z.array(z.strictObject({ id, nom: z.string(), echeance: jour.nullable() })),
  corrections: z.array(
    z.strictObject({
      motif: z.enum(['incorrect', 'incomplet', 'perime']),
      message: z.string(),
      champs: z.array(z.string()),
      echeance: jour,
      demandeeLe: instant,
      repondueLe: instant.nullable(),
    }),
  ),
  documents: z.array(
    z.strictObject({
      id,
      nature: z.string(),
      titre: z.string(),
      emisLe: instant,
      revoqueLe: instant.nullable(),
      sha256: z.string().nullable(),
    }),
  ),
  messages: z.array(message),
  historique: z.array(z.strictObject({ version: z.int(), evenement: nature, auteur, canal, motif: z.string().nullable(), le: instant })),
})

export const changements = z.strictObject({
  changements: z.array(
    z.strictObject({
      sequence: z.int().describe('Sa place : elle ne fait que grandir, et il peut en manquer entre deux'),
      nature: enumOf(programmes.titreDuChangement).describe(
        'Ce qui est arrivé ; « effacer » : le dossier n’existe plus, effacez-en votre copie',
      ),
      dossier: z.strictObject({ id, reference: z.string().nullable().describe('null : effacé') }),
      demarche: z.string(),
      version: z.int().nullable().describe('null : effacé'),
      auteur,
      canal,
      le: instant,
    }),
  ),
  curseur: z.string().describe('À redonner dans « apres » pour la suite, tout de suite ou plus tard'),
  fin: z.boolean().describe('false : la suite attend déjà'),
})

export const listeDExports = z.strictObject({
  exports: z.array(
    z.strictObject({
      id,
      nom: z.string(),
      format: z.string(),
      demarche: z.string().nullable().describe('null : toutes'),
      colonnes: z.array(z.string()).describe('Leurs clés, dans l’ordre'),
    }),
  ),
})

/** What an act gives back: where the dossier stands. */
export const fait = z.strictObject({ id, etat, version })

const agent = z.string().min(3).max(254).describe('L’adresse électronique de l’agent, ou son identifiant')
// Cleaned as what is typed in a form is: no control character, no disguise of direction.
const propre = (max: number) =>
  z
    .string()
    .max(max)
    .overwrite(texte => new Form({ texte }).text('texte', max))
    .min(1)
const motif = propre(4000)

export const corps = {
  instruction: z.strictObject({ agent: agent.optional() }),
  retour: z.strictObject({ motif: motif.optional() }),
  correction: z.strictObject({
    motif: z.enum(['incorrect', 'incomplet', 'perime']),
    message: motif.describe('Ce que lit la personne'),
    champs: z.array(z.string().max(60)).min(1).max(60).describe('Les identifiants des questions à corriger'),
    echeance: jour,
  }),
  acceptation: z.strictObject({ agent, motif: motif.optional() }),
  decision: z.strictObject({ agent, motif }),
  reouverture: z.strictObject({ agent, motif }),
  attribution: z.strictObject({ agent: agent.nullable().describe('null : plus personne') }),
  service: z.strictObject({ service: propre(120), motif: propre(500) }),
  annotations: z.strictObject({
    valeurs: z
      .record(z.string().max(60), z.unknown())
      .describe('Par identifiant de question réservée aux agents, comme un agent la taperait ou comme elle est gardée ; null l’efface'),
  }),
  etiquette: z.strictObject({ etiquette: propre(80).describe('Son identifiant, ou son nom') }),
  message: z.strictObject({ texte: motif }),
} as const

const limite = z.coerce.number().int().min(1).max(100).default(50)

export const requetes = {
  dossiers: z.strictObject({
    etat: etat.exclude(['brouillon']).optional(),
    demarche: z
      .string()
      .regex(/^[a-z0-9-]{1,60}$/)
      .optional(),
    modifieDepuis: z.iso.datetime({ offset: true }).optional().describe('Changés à partir de cet instant'),
    curseur: z.string().max(120).optional(),
    limite,
  }),
  changements: z.strictObject({
    apres: z.string().max(20).default('0').describe('Le curseur reçu la dernière fois ; 0 : depuis le début'),
    limite: z.coerce.number().int().min(1).max(500).default(100).describe('Les changements lus, ceux que le jeton ne voit pas compris'),
  }),
} as const
