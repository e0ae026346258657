import { ok, type Refusal, type Result, refuse } from '../../../platform/refusal.ts'
import { cleDeNom } from '../nom.ts'
import type { CommuneOfficielle, EpciOfficiel, Registre } from './sources.ts'

/** A collectivité to open, with everything the registers say of it. */
export interface CollectivitePrevue {
  readonly nature: 'commune' | 'epci'
  readonly code: string
  readonly nom: string
  readonly siren: string | null
  readonly codesPostaux: readonly string[]
  readonly population: number | null
  readonly epciCode: string | null
  readonly epciNom: string | null
  readonly departement: string | null
  readonly departementNom: string | null
  readonly region: string | null
  readonly regionNom: string | null
  readonly anciensCodes: readonly string[]
  readonly autresNoms: readonly { readonly nom: string; readonly nature: 'deleguee' | 'associee' }[]
}

/** What a code asks to open. */
export interface PlanDeTerritoire {
  readonly code: string
  readonly nom: string
  readonly collectivites: readonly CollectivitePrevue[]
}

/**
 * What to open for a code: the SIREN of an EPCI, a département, INSEE codes separated by commas or spaces, or `france`.
 * Refuses an unknown code, with what is accepted and the nearest that exists.
 */
export function planifier(registre: Registre, typed: string): Result<PlanDeTerritoire> {
  const code = typed.trim().toUpperCase()
  const actuelles = registre.communes.filter(commune => commune.type === 'commune-actuelle')
  if (code === 'FRANCE') return ok(plan(registre, 'france', 'France', actuelles))
  if (/^\d{9}$/.test(code)) {
    const epci = registre.epci.find(e => e.code === code)
    if (!epci) return refuse(inconnu(registre, typed))
    const membres = new Set(epci.membres.map(m => m.code))
    return ok(
      plan(
        registre,
        code,
        nomEpci(epci),
        actuelles.filter(c => membres.has(c.code)),
      ),
    )
  }
  const departement = registre.departements.find(d => d.code === code.padStart(2, '0'))
  if (departement && code.length <= 3) {
    return ok(
      plan(
        registre,
        departement.code,
        departement.nom,
        actuelles.filter(c => c.departement === departement.code),
      ),
    )
  }
  const asked = code.split(/[\s,;]+/).filter(Boolean)
  const byCode = new Map(actuelles.map(c => [c.code, c]))
  const unknown = asked.filter(c => !byCode.has(c))
  if (asked.length === 0 || unknown.length > 0) return refuse(inconnu(registre, unknown[0] ?? typed))
  const chosen = [...new Set(asked)].map(c => byCode.get(c)!)
  const nom =
    chosen.length === 1
      ? chosen[0]!.nom
      : `${chosen[0]!.nom} et ${chosen.length - 1} ${chosen.length === 2 ? 'autre commune' : 'autres communes'}`
  return ok(plan(registre, asked.join(','), nom, chosen))
}

function plan(registre: Registre, code: string, nom: string, communes: readonly CommuneOfficielle[]): PlanDeTerritoire {
  const epciOf = new Map(registre.epci.flatMap(epci => epci.membres.map(m => [m.code, epci] as const)))
  const departements = new Map(registre.departements.map(d => [d.code, d.nom]))
  const regions = new Map(registre.regions.map(r => [r.code, r.nom]))
  const others = autresNomsParCommune(registre)
  const place = (commune: CommuneOfficielle | undefined) => ({
    departement: commune?.departement ?? null,
    departementNom: departements.get(commune?.departement ?? '') ?? null,
    region: commune?.region ?? null,
    regionNom: regions.get(commune?.region ?? '') ?? null,
  })
  const prevues: CollectivitePrevue[] = communes.map(commune => {
    const epci = epciOf.get(commune.code)
    return {
      nature: 'commune',
      code: commune.code,
      nom: commune.nom,
      siren: commune.siren ?? null,
      codesPostaux: commune.codesPostaux ?? [],
      population: commune.population ?? null,
      epciCode: epci?.code ?? null,
      epciNom: epci ? nomEpci(epci) : null,
      ...place(commune),
      anciensCodes: commune.anciensCodes ?? [],
      autresNoms: others.get(commune.code) ?? [],
    }
  })
  const epciConcerned = new Map(
    communes.flatMap(commune => (epciOf.has(commune.code) ? [[epciOf.get(commune.code)!.code, epciOf.get(commune.code)!] as const] : [])),
  )
  const byCode = new Map(communes.map(c => [c.code, c]))
  for (const epci of epciConcerned.values()) {
    const seat = epci.membres.map(m => byCode.get(m.code)).find(Boolean)
    prevues.push({
      nature: 'epci',
      code: epci.code,
      nom: nomEpci(epci),
      siren: epci.code,
      codesPostaux: [],
      population: epci.populationMunicipale ?? null,
      epciCode: null,
      epciNom: null,
      ...place(seat),
      anciensCodes: [],
      autresNoms: [],
    })
  }
  return { code, nom, collectivites: prevues }
}

function autresNomsParCommune(registre: Registre): Map<string, { nom: string; nature: 'deleguee' | 'associee' }[]> {
  const names = new Map<string, { nom: string; nature: 'deleguee' | 'associee' }[]>()
  for (const former of registre.communes) {
    if (former.type !== 'commune-deleguee' && former.type !== 'commune-associee') continue
    const parent = former.chefLieu
    if (!parent) continue
    const list = names.get(parent) ?? []
    list.push({ nom: former.nom, nature: former.type === 'commune-deleguee' ? 'deleguee' : 'associee' })
    names.set(parent, list)
  }
  return names
}

const KINDS: Readonly<Record<string, string>> = { CC: 'Communauté de communes', CA: 'Communauté d’agglomération', CU: 'Communauté urbaine' }

/** The register abbreviates: « CC Intercom de la Vire au Noireau ». */
export function nomEpci(epci: EpciOfficiel): string {
  return epci.nom.replace(/^(CC|CA|CU)\s+/, (_, kind: string) => `${KINDS[kind]} `).replaceAll("'", '’')
}

function inconnu(registre: Registre, typed: string): Refusal {
  const near = proches(registre, typed)
  const hint = near.length > 0 ? ` Vouliez-vous dire ${near.join(', ou ')} ?` : ''
  return {
    code: 'territoire_inconnu',
    status: 400,
    sentence:
      `Aucun territoire n’a le code « ${typed.trim().slice(0, 60)} ».${hint} ` +
      'Codes acceptés : le SIREN d’une intercommunalité (9 chiffres), un département (14, 2A, 974), ' +
      'un ou plusieurs codes INSEE de communes séparés par des virgules (14762,14061), ou « france ».',
  }
}

/** At most three proposals: places of that name, codes one or two figures away. */
function proches(registre: Registre, typed: string): string[] {
  const key = cleDeNom(typed)
  const code = typed.trim().toUpperCase()
  const entries = [
    ...registre.epci.map(e => ({ code: e.code, nom: nomEpci(e) })),
    ...registre.departements.map(d => ({ code: d.code, nom: d.nom })),
    ...registre.communes.filter(c => c.type === 'commune-actuelle').map(c => ({ code: c.code, nom: c.nom })),
  ]
  const words = entries.filter(e => key.length > 2 && /[a-z]/.test(key) && cleDeNom(e.nom).includes(key))
  const chosen = words.length > 0 ? words.sort((a, b) => a.nom.length - b.nom.length) : nearestCodes(entries, code)
  return chosen.slice(0, 3).map(e => `${e.code} (${e.nom})`)
}

function nearestCodes(entries: readonly { code: string; nom: string }[], code: string): { code: string; nom: string }[] {
  return entries
    .filter(e => Math.abs(e.code.length - code.length) <= 1)
    .map(e => ({ ...e, gap: distance(e.code, code) }))
    .filter(e => e.gap <= (code.length > 5 ? 3 : 1))
    .sort((a, b) => a.gap - b.gap)
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}
