import { ok, type Result, refuse } from '../../../platform/refusal.ts'
import { type Contenu, lireContenu, type Redaction } from '../../documents/index.ts'
import { refusals } from '../refusals.ts'
import { advance } from './advance.ts'
import { type Cas, refusDeSignataire } from './instruire.ts'

/** A letter as the agent wrote it, perhaps from a text of the collectivité. */
export interface CourrierEcrit {
  readonly titre: string
  readonly blocs: Contenu['blocs']
  /** Who signs; undefined for who the text says. */
  readonly signataire?: string | undefined
  /** The text that it began from; null for the one by default. */
  readonly gabarit: Redaction['gabarit']
}

/**
 * Writes a letter to the person, at any step once the dossier is filed. The document and its message follow (listeners/). Refuses a letter without a title or
 * words, or too long, and someone whom its text does not let sign.
 */
export async function envoyerCourrier(cas: Cas, courrier: CourrierEcrit): Promise<Result<{ rang: number }>> {
  const lu = lireCourrier(courrier)
  if (!lu.ok) return lu
  const wrongSigner = await refusDeSignataire(cas, 'document.courrier', courrier.signataire, courrier.gabarit?.id)
  if (wrongSigner) return wrongSigner
  const { titre, blocs } = lu.value
  return advance(cas.app, cas.tx, cas.collectivite.id, cas.dossier, cas.modele.regime, cas.auteur, {
    nature: 'envoyer_courrier',
    donnees: {
      courrier: { titre, blocs },
      gabarit: courrier.gabarit,
      ...(courrier.signataire ? { signataire: courrier.signataire } : {}),
    },
  })
}

/** The words of a letter, when they make one. Refuses with the field to mend. */
export function lireCourrier({ titre, blocs }: Pick<CourrierEcrit, 'titre' | 'blocs'>): Result<Pick<Contenu, 'titre' | 'blocs'>> {
  if (!titre) return refuse({ ...refusals.courrier_titre, field: 'titre' })
  if (blocs.length === 0) return refuse({ ...refusals.courrier_vide, field: 'b0-texte' })
  const lu = lireContenu({ titre, blocs })
  return lu ? ok(lu) : refuse({ ...refusals.courrier_long, field: titre.length > 200 ? 'titre' : 'b0-texte' })
}
