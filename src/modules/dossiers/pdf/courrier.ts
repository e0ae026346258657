import type { Courrier } from '../../../platform/pdf/courrier.ts'
import { type BlocCompose, type Contenu, courrierDuDocument } from '../../documents/index.ts'
import type { CourrierEcrit } from '../commands/courrier.ts'
import type { Cas } from '../commands/instruire.ts'
import { redigerPour } from '../queries/redaction.ts'
import { autoriteDe } from './decision.ts'
import { lettre } from './lettre.ts'

/** A letter of an agent as it is printed: its own words, around them what every letter has, below them who signs. `auteur` is the name of the agent. */
export async function courrierDeLAgent(cas: Cas, courrier: CourrierEcrit, le: Date, auteur: string | undefined): Promise<Courrier> {
  const { signataire } = await redigerPour(cas, 'document.courrier', {}, courrier.signataire, courrier.gabarit?.id)
  const { titre } = courrier
  const texte = { titre, sujet: titre, blocs: courrier.blocs.map(composeDuBloc), dites: new Set<string>(), signataire }
  return courrierDuDocument(lettre(cas, le), texte, {
    faits: [],
    motif: undefined,
    recours: undefined,
    auteur: { qualite: autoriteDe(cas), nom: auteur },
  })
}

const composeDuBloc = ({ type, texte }: Contenu['blocs'][number]): BlocCompose =>
  type === 'liste' ? { type, elements: texte.split('\n').filter(line => line.trim()) } : { type, texte }

/** The words of a text as an agent goes on writing them: a list has an element a line. */
export const blocsAEcrire = (blocs: readonly BlocCompose[]): Contenu['blocs'] =>
  blocs.map(bloc => (bloc.type === 'liste' ? { type: bloc.type, texte: bloc.elements.join('\n') } : bloc))
