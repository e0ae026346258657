import { startCarte } from './choisir-carte.client.ts'
import { startErrorSummary } from './error-summary.client.ts'
import { startFormSend } from './form-send.client.ts'
import { startListKeys } from './list-keys.client.ts'
import { startLiveFrame } from './live-frame.client.ts'
import { startPlan } from './plan.client.ts'
import { startPrintButton } from './print-button.client.ts'
import { startRecherche } from './recherche.client.ts'
import { startRefreshed } from './refreshed.client.ts'

/**
 * The enhancement script. Each piece is bound by `data-module` and everything works without it.
 * `start` runs again on the content that form-send puts in place of the page.
 */
function start(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>('[data-module]')) {
    const module = element.dataset.module
    if (module === 'carte') startCarte(element)
    if (module === 'error-summary') startErrorSummary(element)
    if (module === 'list-keys') startListKeys(element)
    if (module === 'live-frame') startLiveFrame(element)
    if (module === 'plan') startPlan(element)
    if (module === 'print-button') startPrintButton(element)
    if (module === 'recherche' && element instanceof HTMLInputElement) startRecherche(element)
    if (module === 'refreshed') startRefreshed(element, start)
    if (module === 'form-send' && element instanceof HTMLFormElement) startFormSend(element, start)
  }
}

start(document)
