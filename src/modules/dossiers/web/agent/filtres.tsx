import { inTenant, type Tx } from '../../../../platform/db/open.ts'
import type { Form } from '../../../../platform/http/form.ts'
import { type Answer, type Context, redirect } from '../../../../platform/http/route.ts'
import type { FieldError } from '../../../../ui/index.ts'
import { equipe, pageAgent } from '../../../agents/index.ts'
import { choixDeDemarches, demarchesOuvertes } from '../../../demarches/index.ts'
import { LIBELLES_ETATS } from '../../dossier.ts'
import { etiquettesDeListe } from '../../queries/etiquettes-de-liste.ts'
import { servicesDe } from '../../queries/services.ts'
import {
  A_FAIRE,
  adresseDuChoix,
  CANAUX,
  CHAMPS_AU_PLUS,
  type Choix,
  COLONNES_AU_PLUS,
  ETATS_VISIBLES,
  lireChoix,
  TRIS,
  triDe,
} from '../../recherche/choix.ts'
import { borneLisible } from '../../recherche/filtre.ts'
import { filtrageDe, optionsDe } from '../../recherche/valeurs.ts'
import { adresseDesDossiers, jourTape } from './acces.ts'
import { type Champs, champsDuChoix, choixDeLAdresse } from './choix.ts'
import { LIBELLES_A_FAIRE, LIBELLES_DES_CANAUX, LIBELLES_DES_CHOIX_D_ETAT, LIBELLES_DES_TRIS } from './conditions-mots.ts'
import { type ChampFiltre, Filtres, type FiltresProps } from './filtres.page.tsx'

const PARTIE = /^(.+)-(jour|mois|annee)$/

interface Tape {
  readonly choix: Choix
  /** The boxes of each date, as typed. */
  readonly jours: ReadonlyMap<string, { jour: string; mois: string; annee: string }>
  readonly erreurs: readonly FieldError[]
}

/** GET /agent/dossiers/filtres: everything by which the list can be filtered, and its columns. */
export const montrerFiltres = (ctx: Context): Promise<Answer> =>
  inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    const champs = await champsDuChoix(tx, ctx.tenant.id, choixDeLAdresse(ctx.query))
    const tape = lire(ctx.query, champs)
    // Asked for one more field, nothing is refused yet.
    return pageDesFiltres(ctx, tx, { ...tape, erreurs: [] }, champs)
  })

/**
 * What the form of filters sends to the list: undefined when it is not from it; the list at its short address; or the form again, with what cannot be
 * read as a day or a number.
 */
export async function refusDesBornes(ctx: Context): Promise<Answer | undefined> {
  if (!Object.keys(ctx.query.fields).some(name => PARTIE.test(name))) return undefined
  return inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    const champs = await champsDuChoix(tx, ctx.tenant.id, choixDeLAdresse(ctx.query))
    const tape = lire(ctx.query, champs)
    if (tape.erreurs.length > 0) return pageDesFiltres(ctx, tx, tape, champs)
    return redirect(`${adresseDesDossiers(ctx)}?${adresseDuChoix(tape.choix) || 'etat='}`)
  })
}

function lire(query: Form, champs: Champs): Tape {
  const jours = new Map<string, { jour: string; mois: string; annee: string }>()
  for (const name of Object.keys(query.fields).slice(0, 200)) {
    const [, whole = '', part = ''] = PARTIE.exec(name) ?? []
    if (whole) jours.set(whole, { jour: '', mois: '', annee: '', ...jours.get(whole), [part]: query.line(name, 4) })
  }
  const day = (name: string) => {
    const parts = jours.get(name)
    if (!parts) return undefined
    return Object.values(parts).every(part => part === '') ? '' : jourTape(parts)
  }
  const choix = lireChoix({
    get: name => day(name) ?? (jours.has(name) ? '' : query.line(name, 120)),
    names: () => [...new Set([...Object.keys(query.fields).slice(0, 200), ...jours.keys()])],
    all: name => query.all(name, 60),
  })
  const unreadable = [...jours.keys()].filter(name => day(name) === null)
  const numbers = choix.champs.flatMap(({ champ, de, a }) => {
    const known = champs.get(champ)
    if (!known || filtrageDe(known) !== 'nombres') return []
    return (['de', 'a'] as const).filter(part => !borneLisible(known, { de, a }[part] ?? '')).map(part => `c-${champ}-${part}`)
  })
  return {
    choix,
    jours,
    erreurs: [
      ...unreadable.map(champ => ({ champ, message: 'Écrivez une date avec le jour, le mois et l’année, par exemple 27 3 2026.' })),
      ...numbers.map(champ => ({ champ, message: 'Écrivez un nombre en chiffres, par exemple 12 ou 12,50.' })),
    ],
  }
}

async function pageDesFiltres(ctx: Context, tx: Tx, tape: Tape, champs: Champs): Promise<Answer> {
  const props = await filtresProps(ctx, tx, tape, champs)
  return pageAgent(
    ctx,
    {
      title: 'Filtres et colonnes',
      hasErrors: tape.erreurs.length > 0,
      chemin: [{ texte: 'Dossiers', href: `${adresseDesDossiers(ctx)}?${adresseDuChoix(tape.choix) || 'etat='}` }],
      children: <Filtres {...props} />,
    },
    ctx.agent,
    tape.erreurs.length > 0 ? 422 : 200,
  )
}

async function filtresProps(ctx: Context, tx: Tx, { choix, jours, erreurs }: Tape, champs: Champs): Promise<FiltresProps> {
  const { tenant, query, app } = ctx
  const added = query.line('ajouter', 60)
  const ids = [...new Set([...choix.champs.map(({ champ }) => champ), ...(champs.has(added) ? [added] : [])])].slice(0, CHAMPS_AU_PLUS)
  const column = query.line('ajouter-col', 60)
  const colonnes = [...new Set([...choix.colonnes.filter(id => champs.has(id)), ...(champs.has(column) ? [column] : [])])].slice(
    0,
    COLONNES_AU_PLUS,
  )
  const options = [...champs.values()].map(({ id, libelle }) => ({ value: id, label: libelle }))
  const team = await equipe(tx, tenant.id, app.clock.now())
  return {
    action: adresseDesDossiers(ctx),
    erreurs,
    choix: { ...choix, tri: choix.tri || triDe(choix) },
    du: jours.get('du') ?? choix.du,
    au: jours.get('au') ?? choix.au,
    etats: [
      ...Object.entries(LIBELLES_DES_CHOIX_D_ETAT).map(([value, label]) => ({ value, label })),
      ...ETATS_VISIBLES.map(value => ({ value, label: LIBELLES_ETATS[value] })),
    ],
    faire: A_FAIRE.map(value => ({ value, label: LIBELLES_A_FAIRE[value] })),
    demarches: choixDeDemarches.options(await demarchesOuvertes(tx, tenant.id)).slice(0, 48),
    services: (await servicesDe(tx, tenant.id)).slice(0, 48).map(value => ({ value, label: value })),
    quis: [
      { value: 'moi', label: 'Moi' },
      { value: 'equipe', label: 'Mes équipes' },
      { value: 'personne', label: 'Personne' },
      ...team.slice(0, 45).map(({ id, nom }) => ({ value: id, label: nom })),
    ],
    etiquettes: (await etiquettesDeListe(tx, tenant.id)).map(({ id, nom }) => ({ value: id, label: nom })),
    canaux: CANAUX.map(value => ({ value, label: LIBELLES_DES_CANAUX[value] ?? value })),
    tris: TRIS.map(value => ({ value, label: LIBELLES_DES_TRIS[value] })),
    champs: ids.flatMap(id => champFiltre(champs, choix, jours, id)),
    autres: ids.length < CHAMPS_AU_PLUS ? options.filter(({ value }) => !ids.includes(value)).slice(0, 48) : [],
    colonnes: options.filter(({ value }) => colonnes.includes(value)),
    autresColonnes: colonnes.length < COLONNES_AU_PLUS ? options.filter(({ value }) => !colonnes.includes(value)).slice(0, 48) : [],
  }
}

function champFiltre(champs: Champs, choix: Choix, jours: Tape['jours'], id: string): ChampFiltre[] {
  const champ = champs.get(id)
  const filtrage = champ && filtrageDe(champ)
  if (!champ || !filtrage) return []
  const asked = choix.champs.find(one => one.champ === id)
  return [
    {
      id,
      libelle: champ.libelle,
      filtrage,
      options: filtrage === 'choix' ? optionsDe(champ) : [],
      valeur: asked?.valeur ?? '',
      mots: asked?.mots ?? '',
      de: jours.get(`c-${id}-de`) ?? asked?.de ?? '',
      a: jours.get(`c-${id}-a`) ?? asked?.a ?? '',
    },
  ]
}
