import { type Coords, DivIcon, GridLayer, type LatLng, LayerGroup, type Map as LeafletMap, latLng, Marker, TileLayer } from 'leaflet'
import type { Carte } from './carte.client.ts'

/** The commune drawn from its addresses (`GET …/recherche/plan`): integers of 0.00001°, counted from `origine`. */
interface Plan {
  readonly origine: readonly [number, number]
  readonly voies: readonly (readonly [string, number, number])[]
  readonly points: readonly number[]
}

interface Voie {
  readonly nom: string
  readonly at: LatLng
}

export const ZOOM_MAX = 19

/** What is under the point: the tiles configured, else the plan of the commune, which also takes the place of tiles that do not come. */
export async function poserLeFond(map: LeafletMap, recherche: string, carte: Carte, dire: (sentence: string) => void): Promise<void> {
  if (!carte.tuiles) return poserLePlan(map, recherche)
  const tiles = new TileLayer(carte.tuiles.modele, { maxZoom: ZOOM_MAX, attribution: echapper(carte.tuiles.mention) }).addTo(map)
  tiles.once('tileerror', () => {
    dire('Le fond de carte ne répond pas.')
    if (!carte.centre) return
    tiles.remove()
    void poserLePlan(map, recherche)
  })
}

async function poserLePlan(map: LeafletMap, recherche: string): Promise<void> {
  const response = await fetch(`${recherche}/plan`)
  const plan = (await response.json()) as Plan
  const [lat, lon] = plan.origine
  const at = (y: number, x: number) => latLng(lat + y / 1e5, lon + x / 1e5)
  const voies = plan.voies.map(([nom, y, x]) => ({ nom, at: at(y, x) }))
  const points = Array.from({ length: plan.points.length / 2 }, (_, i) => at(plan.points[2 * i]!, plan.points[2 * i + 1]!))
  new Points(points.length > 0 ? points : voies.map(voie => voie.at)).addTo(map)
  map.attributionControl.addAttribution('Base Adresse Locale')
  const names = new LayerGroup().addTo(map)
  const rename = () => nommer(map, names, voies)
  map.on('moveend', rename)
  rename()
}

const echapper = (text: string): string => text.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`)

/** Every address as a dot, on canvases: 12,000 elements would be felt. */
class Points extends GridLayer {
  readonly #points: readonly LatLng[]
  readonly #colour = getComputedStyle(document.documentElement).getPropertyValue('--edge')

  constructor(points: readonly LatLng[]) {
    super({ maxZoom: ZOOM_MAX })
    this.#points = points
  }

  override createTile(tile: Coords): HTMLElement {
    const canvas = document.createElement('canvas')
    const { x: width, y: height } = this.getTileSize()
    const ratio = Math.min(2, devicePixelRatio)
    canvas.width = width * ratio
    canvas.height = height * ratio
    const pen = canvas.getContext('2d')!
    pen.scale(ratio, ratio)
    pen.fillStyle = this.#colour
    const size = tile.z > 16 ? 6 : tile.z > 14 ? 4 : 2
    for (const point of this.#points) {
      const at = this._map.project(point, tile.z)
      const [x, y] = [at.x - tile.x * width, at.y - tile.y * height]
      if (x > -size && y > -size && x < width + size && y < height + size) pen.fillRect(x - size / 2, y - size / 2, size, size)
    }
    return canvas
  }
}

const NOMS = 40

/** Names of the streets in view that have room, from the zoom where a street is long enough for its name. */
function nommer(map: LeafletMap, names: LayerGroup, voies: readonly Voie[]): void {
  names.clearLayers()
  if (map.getZoom() < 16) return
  const bounds = map.getBounds()
  const taken: { x: number; y: number; half: number }[] = []
  for (const { nom, at } of voies) {
    if (taken.length >= NOMS || !bounds.contains(at)) continue
    const { x, y } = map.latLngToContainerPoint(at)
    const half = nom.length * 3.6
    if (taken.some(other => Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < 18)) continue
    taken.push({ x, y, half })
    const label = document.createElement('span')
    label.textContent = nom
    new Marker(at, {
      interactive: false,
      keyboard: false,
      icon: new DivIcon({ className: 'carte-nom', html: label, iconSize: undefined }),
    }).addTo(names)
  }
}
