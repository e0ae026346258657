import { type Refusal, refusalTable } from '../refusal.ts'
import { acceptedTypesSentence } from './kinds.ts'

const elsewhere = 'Vous pouvez aussi apporter le document en mairie.'

/** What can be refused to a person who gives or asks for a file. The sentences that carry a figure or a name are the functions below. */
export const fileRefusals = refusalTable({
  fichier_vide: [422, 'Ce fichier est vide. Choisissez le document complet, puis envoyez-le de nouveau.'],
  fichier_type: [415, `Ce type de fichier n’est pas accepté. ${acceptedTypesSentence}`],
  fichier_ancien_office: [
    415,
    'Ce document est dans un ancien format bureautique ou protégé par un mot de passe. Enregistrez-le au format PDF, sans mot de passe, puis envoyez-le de nouveau.',
  ],
  fichier_interrompu: [400, `L’envoi du fichier a été interrompu. Envoyez-le de nouveau. ${elsewhere}`],
  fichier_stockage_plein: [
    507,
    'L’espace de stockage est plein\u00a0: le document n’a pas été enregistré. Réessayez plus tard ou apportez le document en mairie.',
  ],
  fichier_stockage_indisponible: [
    503,
    'Le stockage des documents est momentanément indisponible\u00a0: le document n’a pas été enregistré. Réessayez plus tard ou apportez le document en mairie.',
  ],
  fichier_introuvable: [404, 'Ce document n’existe pas ou n’existe plus.'],
  fichier_en_verification: [409, 'Ce document est en cours de vérification. Revenez dans quelques minutes.'],
  fichier_refuse: [410, 'Ce document a été refusé lors de sa vérification\u00a0: il n’est pas consultable.'],
})

/** « Ce fichier est trop lourd » with the limit, in megabytes of 1,000,000 or 1,048,576 bytes as people read them (20 Mo). */
export function tooLarge(maxBytes: number): Refusal {
  const limit =
    maxBytes >= 1_048_576 ? `${Math.floor(maxBytes / 1_048_576)}\u00a0Mo` : `${Math.max(1, Math.floor(maxBytes / 1024))}\u00a0ko`
  return {
    code: 'fichier_trop_lourd',
    status: 413,
    sentence: `Ce fichier est trop lourd\u00a0: la limite est de ${limit}. Réduisez-le, ou prenez le document en photo, puis envoyez-le de nouveau.`,
  }
}

/** The content is not what the extension says: both are named so that the person can rename or choose again. */
export function extensionDisagrees(extension: string, content: string | undefined): Refusal {
  const found = content ? `son contenu est un fichier ${content}` : 'son contenu est d’un autre type'
  return {
    code: 'fichier_extension',
    status: 422,
    sentence: `Le nom de ce fichier se termine par «\u00a0.${extension}\u00a0», mais ${found}. Choisissez le document d’origine, ou enregistrez-le au format PDF.`,
  }
}
