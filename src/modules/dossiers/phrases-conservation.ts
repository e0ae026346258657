import type { traitement } from '../demarches/index.ts'

/** What the person is told two weeks before their draft or their dossier goes. `le` and `qui` as they are read within a sentence. */
export function messageDuSort({
  isDraft,
  le,
  demarche,
  sort,
  qui,
}: {
  readonly isDraft: boolean
  readonly le: string
  readonly demarche: string
  readonly sort: traitement.SortFinal
  readonly qui: string
}): { sujet: string; titre: string; paragraphes: string[] } {
  if (isDraft)
    return {
      sujet: 'Votre demande commencée va être effacée',
      titre: 'Votre demande n’est pas envoyée',
      paragraphes: [
        `Vous avez commencé la demande «\u00a0${demarche}\u00a0» et ne l’avez pas envoyée. Elle sera effacée après le ${le}.`,
        `Pour la garder, reprenez-la avant cette date. Sinon, il n’y a rien à faire.`,
      ],
    }
  const suite: Readonly<Record<traitement.SortFinal, string>> = {
    detruire: 'Vos réponses, vos documents et les messages seront effacés.',
    archiver: 'Il sera remis aux archives publiques, puis effacé d’ici.',
    anonymiser: 'Vos réponses, vos documents et les messages seront effacés. Seuls des comptes sans nom resteront.',
  }
  return {
    sujet: 'Votre dossier arrive à la fin de sa durée',
    titre: 'Votre dossier va être effacé',
    paragraphes: [
      `Votre dossier «\u00a0${demarche}\u00a0» est terminé. Il sera retiré après le ${le}, puis effacé deux semaines plus tard.`,
      suite[sort],
      'Avant cette date, enregistrez la décision et ce que vous voulez garder.',
      `Vous avez encore besoin de ce dossier\u00a0? Écrivez à ${qui}, qui peut en suspendre l’effacement.`,
    ],
  }
}
