import { control, DivIcon, type LatLng, Map as LeafletMap, latLng, Marker } from 'leaflet'
import { poserLeFond, ZOOM_MAX } from './carte-fond.client.ts'
import { coordonneesDe, ecrire, motsDe, pointDe } from './carte-mots.client.ts'

/** What the server says of the map of a commune (`GET …/recherche/carte`). */
export interface Carte {
  readonly script: string
  readonly style: string
  readonly tuiles: { readonly modele: string; readonly mention: string } | null
  readonly centre: readonly [number, number] | null
}

/** Metropolitan France, when nothing says where the commune is. */
const FRANCE = { centre: [46.6, 2.4], zoom: 5 } as const

/**
 * Opens a map in `panel`. A point put on it, by a press, by dragging, or by Enter at its centre, is written in `box` after its words. `data`: what the
 * server said of the place that the box holds.
 */
export async function ouvrirCarte(panel: HTMLElement, box: HTMLInputElement, data: DOMStringMap, carte: Carte): Promise<{ show(): void }> {
  const recherche = data.recherche ?? ''
  const vue = creer('div', 'carte-vue')
  const status = creer('p')
  vue.tabIndex = 0
  vue.setAttribute('role', 'application')
  vue.setAttribute('aria-label', 'Carte : flèches pour la déplacer, + et - pour zoomer, Entrée pour placer le point au centre')
  status.setAttribute('role', 'status')
  panel.append(creer('p', 'hint', 'Touchez le lieu. Ou déplacez la carte, puis placez le point sur la croix du centre.'), vue, status)
  const start = pointDe(box.value) ?? connu(box, data)
  const map = new LeafletMap(vue, { maxZoom: ZOOM_MAX })
  parler(map, vue)
  map.setView(start ?? latLng(...(carte.centre ?? FRANCE.centre)), start ? 17 : carte.centre ? 15 : FRANCE.zoom)
  await poserLeFond(map, recherche, carte, sentence => {
    status.textContent = sentence
  })
  const point = suivreLePoint(map, box, recherche, status)
  if (start) point.montrer(latLng(start.lat, start.lng))
  vue.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.target !== vue) return
    event.preventDefault()
    void point.placer(map.getCenter())
  })
  panel.append(point.proposition, gestes(map, status, point))
  return {
    show() {
      map.invalidateSize()
      vue.focus()
    },
  }
}

// Where the answer of the server is; other words typed since may be elsewhere.
const connu = (box: HTMLInputElement, { lat, lon }: DOMStringMap) =>
  lat && lon && box.value === box.defaultValue ? { lat: Number(lat), lng: Number(lon) } : undefined

/** In French, and without the advertisement of the library. */
function parler(map: LeafletMap, vue: HTMLElement): void {
  map.attributionControl.setPrefix(false)
  control.scale({ imperial: false }).addTo(map)
  for (const [sign, words] of [
    ['in', 'Agrandir'],
    ['out', 'Réduire'],
  ]) {
    const button = vue.querySelector<HTMLElement>(`.leaflet-control-zoom-${sign}`)
    button?.setAttribute('aria-label', words!)
    if (button) button.title = words!
  }
}

type Point = ReturnType<typeof suivreLePoint>

/** The point on the map and in the box: put, written, taken away. The nearest address is written too, unless a person wrote words: then it is proposed. */
function suivreLePoint(map: LeafletMap, box: HTMLInputElement, recherche: string, status: HTMLElement) {
  const mark = new Marker([0, 0], { draggable: true, keyboard: false, icon: new DivIcon({ className: 'carte-point', iconSize: [24, 24] }) })
  const proposition = bouton('', () => {
    ours = proposition.value
    box.value = ecrire(ours, mark.getLatLng())
    proposition.hidden = true
  })
  /** The words that the map wrote itself: it may replace them. */
  let ours = ''
  let turn = 0
  proposition.hidden = true
  map.on('click', ({ latlng }) => void placer(latlng))
  mark.on('dragend', () => void placer(mark.getLatLng()))
  return { proposition, montrer, placer, retirer }

  function montrer(at: LatLng): void {
    mark.setLatLng(at).addTo(map)
  }

  async function placer(at: LatLng): Promise<void> {
    const point = at.wrap()
    const mine = ++turn
    const typed = motsDe(box.value)
    const words = typed === ours ? '' : typed
    montrer(point)
    box.value = ecrire(words, point)
    proposition.hidden = true
    status.textContent = `Point placé : ${coordonneesDe(point)}.`
    const label = await adressePres(recherche, point)
    if (mine !== turn || label === '') return
    status.textContent = `Point placé, près de : ${label}.`
    if (words === '') {
      ours = label
      box.value = ecrire(label, point)
    } else if (words !== label) {
      proposition.value = label
      proposition.textContent = `Écrire « ${label} »`
      proposition.hidden = false
    }
  }

  function retirer(): void {
    turn++
    mark.remove()
    const typed = motsDe(box.value)
    box.value = typed === ours ? '' : typed
    ours = ''
    proposition.hidden = true
    status.textContent = 'Point retiré.'
  }
}

async function adressePres(recherche: string, { lat, lng }: LatLng): Promise<string> {
  const response = await fetch(`${recherche}/adresse-proche?lat=${lat.toFixed(6)}&lon=${lng.toFixed(6)}`).catch(() => undefined)
  const { resultats = [] } = response?.ok ? ((await response.json()) as { resultats?: string[] }) : {}
  return resultats[0] ?? ''
}

function gestes(map: LeafletMap, status: HTMLElement, point: Point): HTMLElement {
  const all = creer('div', 'actions')
  all.append(bouton('Placer le point au centre', () => void point.placer(map.getCenter())))
  // Browsers answer only pages that nobody can have changed on the way (W3C Geolocation, §3.4).
  if (isSecureContext && 'geolocation' in navigator) all.append(bouton('Me localiser', () => localiser(map, status, point)))
  all.append(bouton('Retirer le point', point.retirer))
  return all
}

function localiser(map: LeafletMap, status: HTMLElement, point: Point): void {
  status.textContent = 'Recherche de votre position…'
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const here = latLng(coords.latitude, coords.longitude)
      map.setView(here, 17)
      void point.placer(here)
    },
    () => {
      status.textContent = 'Votre appareil n’a pas donné sa position. Placez le point vous-même, ou écrivez le lieu.'
    },
    { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
  )
}

function creer(name: 'div' | 'p', className = '', text = ''): HTMLElement {
  const made = document.createElement(name)
  made.className = className
  made.textContent = text
  return made
}

function bouton(text: string, act: () => void): HTMLButtonElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'button button-secondary'
  button.textContent = text
  button.addEventListener('click', act)
  return button
}
