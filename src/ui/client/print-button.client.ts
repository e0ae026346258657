/** Shows the button, which can do something now. */
export function startPrintButton(element: HTMLElement): void {
  element.hidden = false
  element.addEventListener('click', () => window.print())
}
