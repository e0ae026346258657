import { inTenant, type Tx } from '../../../../platform/db/open.ts'
import { type Answer, type Context, redirect } from '../../../../platform/http/route.ts'
import { nomsDesAgents, pageAgent } from '../../../agents/index.ts'
import { choixDeDemarches, type Demarche, demarchesOuvertes } from '../../../demarches/index.ts'
import { LIBELLES_ETATS } from '../../dossier.ts'
import { demarchesAFiltrer } from '../../queries/demarches-a-filtrer.ts'
import { comptesParEtat, fileDInstruction, PAR_PAGE, PLAFOND } from '../../queries/file-d-instruction.ts'
import { vueParDefaut, vuesDe } from '../../queries/vues.ts'
import { adresseDuChoix, type Choix, ETATS_A_TRAITER, ETATS_VISIBLES, estFiltre, etatsDe, TRIS, triDe } from '../../recherche/choix.ts'
import { champsPerdus } from '../../recherche/filtre.ts'
import { adresseDesDossiers } from './acces.ts'
import { champsDuChoix, choixDemande, filtreDuChoix } from './choix.ts'
import { conditionsEnMots, LIBELLES_DES_TRIS } from './conditions-mots.ts'
import { refusDesBornes } from './filtres.tsx'
import { lignesEnMots } from './lignes.ts'
import { ListeDesDossiers, type ListeProps } from './liste.page.tsx'
import { choixDeLot, refusDeLot } from './lot-vue.ts'
import { nombreDeDossiers } from './mots.ts'

const FAITS: Readonly<Record<string, string>> = {
  'vue-gardee': 'La vue est enregistrée.',
}

/** GET /agent/dossiers: what waits for the collectivité, the nearest deadline first; or what the address, or the view that it names, asks for. */
export async function montrerListe(ctx: Context): Promise<Answer> {
  // Days typed in three boxes become one in an address that can be kept; one that is not a day is told where it was typed.
  const typed = await refusDesBornes(ctx)
  if (typed) return typed
  return inTenant(ctx.app.db, ctx.tenant.id, async tx => {
    if (Object.keys(ctx.query.fields).length === 0) {
      const vue = await vueParDefaut(tx, ctx.tenant.id, ctx.agent.id)
      if (vue) return redirect(`${adresseDesDossiers(ctx)}?vue=${vue}`)
    }
    const props = await listeProps(ctx, tx)
    return pageAgent(ctx, { title: 'Dossiers', wide: true, children: <ListeDesDossiers {...props} /> }, ctx.agent)
  })
}

async function listeProps(ctx: Context, tx: Tx): Promise<ListeProps> {
  const { choix, vueId, nom } = await choixDemande(ctx, tx)
  const champs = await champsDuChoix(tx, ctx.tenant.id, choix)
  const filtre = await filtreDuChoix(ctx, tx, choix, champs)
  const options = { avecReponses: choix.colonnes.some(id => champs.has(id)) }
  let page = ctx.query.number('page', 1, 1, PLAFOND / PAR_PAGE)
  // Asked all together: their statements travel side by side.
  const asked = await Promise.all([
    fileDInstruction(tx, ctx.tenant.id, filtre, page, options),
    comptesParEtat(tx, ctx.tenant.id, ctx.agent.portee),
    demarchesOuvertes(tx, ctx.tenant.id),
    lesVues(ctx, tx, choix, vueId),
  ])
  const [, comptes, ouvertes, vues] = asked
  let [found] = asked
  if (found.lignes.length === 0 && page > 1) {
    page = 1
    found = await fileDInstruction(tx, ctx.tenant.id, filtre, page, options)
  }
  const liste = vueId ? `vue=${vueId}` : adresseDuChoix(choix) || 'etat='
  const colonnes = choix.colonnes.flatMap(id => champs.get(id) ?? [])
  const action = adresseDesDossiers(ctx)
  return {
    ...cadre(ctx, choix, nom, comptes, found.total),
    ...(await possibles(ctx, tx, choix, ouvertes)),
    vues,
    vuesHref: `${ctx.tenant.base}/agent/vues?${adresseDuChoix(choix)}`,
    filtresHref: `${action}/filtres?${adresseDuChoix(choix)}`,
    exportHref: `${ctx.tenant.base}/agent/exports?${liste}`,
    lot: choixDeLot(ctx, { choix, liste, page, total: found.total, montres: found.lignes.length }),
    refus: refusDeLot(ctx),
    conditions: await conditionsEnMots(tx, ctx.tenant.id, choix, champs, sans => `${action}?${adresseDuChoix(sans) || 'etat='}`),
    perdus: champs.size > 0 ? champsPerdus(choix, champs) : [],
    colonnes: colonnes.map(({ libelle }) => libelle),
    dossiers: await lignesEnMots(ctx, tx, found.lignes, { liste, colonnes }),
    page,
    pages: Math.ceil(Math.min(found.total, PLAFOND) / PAR_PAGE),
    total: nombreDeDossiers(found.total, PLAFOND),
    corbeille: ctx.agent.permissions.has('dossiers.decider') ? `${ctx.tenant.base}/agent/corbeille` : undefined,
    hrefDePage: to => `${action}?${liste}&page=${to}`,
    fait: FAITS[ctx.query.line('fait', 20)],
  }
}

function cadre(ctx: Context, choix: Choix, nom: string | null, comptes: Readonly<Record<string, number>>, total: number) {
  const action = adresseDesDossiers(ctx)
  const { q, demarche, qui } = choix
  const isFiltered = estFiltre(choix)
  const tris = TRIS.filter(tri => tri !== 'echeance' || triDe({ ...choix, tri }) === 'echeance')
  return {
    action,
    tout: `${action}?etat=`,
    choisi: { q, demarche, qui, tri: triDe(choix) },
    caches: caches(choix),
    isFiltered,
    comptes: ETATS_VISIBLES.map(etat => ({
      libelle: LIBELLES_ETATS[etat],
      nombre: (comptes[etat] ?? 0) > PLAFOND ? `${PLAFOND.toLocaleString('fr-FR')} +` : String(comptes[etat] ?? 0),
      href: `${action}?etat=${etat}`,
    })),
    tris: tris.map(tri => ({ value: tri, label: LIBELLES_DES_TRIS[tri] })),
    legende: `${nom ?? legendeDe(choix)} – ${LIBELLES_DES_TRIS[triDe(choix)].toLowerCase()} d’abord (${nombreDeDossiers(total, PLAFOND)})`,
    vide: videDe(
      Object.values(comptes).every(count => count === 0),
      isFiltered,
    ),
  }
}

/** What the short form does not show, so that sending it keeps it. */
const caches = (choix: Choix): [string, string][] => [
  ...new URLSearchParams(adresseDuChoix({ ...choix, q: '', demarche: '', qui: '', tri: '' })),
]

function legendeDe(choix: Choix): string {
  const { q, etat } = choix
  const states = etatsDe(choix)
  const what =
    states.length === 1
      ? LIBELLES_ETATS[states[0]!]
      : etat === 'termines'
        ? 'Terminés'
        : states.length === ETATS_A_TRAITER.length
          ? 'À traiter'
          : 'Tous les états'
  return `${what}${q ? `, « ${q} »` : ''}`
}

function videDe(isEmpty: boolean, isFiltered: boolean): ListeProps['vide'] {
  if (isEmpty) return { titre: 'Aucun dossier pour l’instant', texte: 'Les demandes déposées par les habitants apparaîtront ici.' }
  if (isFiltered) return { titre: 'Aucun dossier ne correspond', texte: 'Cherchez avec moins de mots, ou retirez un filtre.' }
  return {
    titre: 'Rien à traiter',
    texte: 'Toutes les demandes reçues ont leur réponse. Les chiffres ci-dessus mènent aux dossiers terminés.',
  }
}

// Each option is an element of the page; the others are under « Plus de filtres ».
const DEMARCHES_PROPOSEES = 12

/** What the short form proposes. An agent chosen by name stays in its list. */
async function possibles(ctx: Context, tx: Tx, choix: Choix, ouvertes: readonly Demarche[]) {
  const connues = await demarchesAFiltrer(
    tx,
    ctx.tenant.id,
    ouvertes.map(({ id }) => id),
    DEMARCHES_PROPOSEES,
  )
  const someone = choix.qui.length > 8 ? (await nomsDesAgents(tx, [choix.qui])).get(choix.qui) : undefined
  return {
    demarches: choixDeDemarches.options(ouvertes).filter(({ value }) => connues.has(value) || value === choix.demarche),
    quis: [
      { value: 'moi', label: 'Moi' },
      { value: 'equipe', label: 'Mes équipes' },
      { value: 'personne', label: 'Personne' },
      ...(someone && choix.qui !== ctx.agent.id ? [{ value: choix.qui, label: someone }] : []),
    ],
  }
}

async function lesVues(ctx: Context, tx: Tx, choix: Choix, vueId: string | null): Promise<ListeProps['vues']> {
  const action = adresseDesDossiers(ctx)
  const vues = await vuesDe(tx, ctx.tenant.id, ctx.agent.id)
  return [
    { texte: 'À traiter', href: `${action}?etat=`, estChoisie: vueId === null && !estFiltre(choix) },
    ...vues.slice(0, 8).map(({ id, nom }) => ({ texte: nom, href: `${action}?vue=${id}`, estChoisie: id === vueId })),
  ]
}
