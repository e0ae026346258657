import type { Modele } from '../../demarche.ts'
import { differences, type Operation, operer, phraseDeDifference } from '../../edition/index.ts'
import type { Geste } from './chantier.ts'

/** Does several gestures as one: all of them, or none with the reason of the first that cannot be done. */
export function enchainer(modele: Modele, operations: readonly Operation[], reserves: readonly string[]): ReturnType<Geste> {
  let current = modele
  let element: string | undefined
  for (const operation of operations) {
    const fait = operer(current, operation, reserves)
    if (!fait.ok) return { ok: false, message: fait.message, champ: boxOf(operation, fait.champ) }
    current = fait.modele
    element = fait.element ?? element
  }
  return { ok: true, modele: current, phrase: direTout(modele, current), element }
}

/** What changed, in three sentences at most, and how many more. */
export function direTout(a: Modele, b: Modele): string {
  const all = differences(a, b).map(difference => phraseDeDifference(difference, a, b))
  const more = all.length - 3
  return [...all.slice(0, 3), ...(more > 0 ? [`Et ${more} autre${more > 1 ? 's' : ''} changement${more > 1 ? 's' : ''}.`] : [])].join(' ')
}

/** The box where a refused property was typed: those of an answer are named by it. */
function boxOf(operation: Operation, propriete: string | undefined): string | undefined {
  const option = 'element' in operation ? /^champs\/[^/]+\/options\/([^/]+)$/.exec(operation.element)?.[1] : undefined
  return option === undefined ? propriete && `E-${propriete}` : `O-${option}`
}
