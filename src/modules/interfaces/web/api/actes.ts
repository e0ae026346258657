import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { civilDay } from '../../../../platform/clock.ts'
import { once } from '../../../../platform/http/once.ts'
import { type Answer, notFound, refused } from '../../../../platform/http/route.ts'
import { isUuid, newId } from '../../../../platform/ids.ts'
import { ok, type Refusal, type Result, refuse } from '../../../../platform/refusal.ts'
import { agentsPossibles, equipe } from '../../../agents/index.ts'
import { programmes } from '../../../dossiers/index.ts'
import { fuseau } from '../../../territoire/index.ts'
import type { Droit } from '../../jeton.ts'
import { refusals } from '../../refusals.ts'
import { casDuJeton } from './dossiers.ts'
import { type Appel, type Operation, operation } from './operation.ts'
import { corps, fait } from './schemas.ts'

type Cas = programmes.Cas

interface ActeDeclare<B extends z.ZodType> {
  readonly id: string
  readonly chemin: string
  readonly droit: Droit
  readonly titre: string
  readonly detail?: string
  readonly corps: B
  readonly faire: (cas: Cas, corps: z.infer<B>) => Promise<Result<unknown>>
}

/** An act on a dossier: once for its key, on the version that was read, by the same command as an agent's. */
const acte = <B extends z.ZodType>({ chemin, faire, ...op }: ActeDeclare<B>): Operation =>
  operation({
    ...op,
    method: 'POST',
    path: `/api/v1/dossiers/:id/${chemin}`,
    statut: 200,
    reponse: fait,
    agit: true,
    faire: appel => agir(appel, cas => faire(cas, appel.corps)),
  })

// What a page says to a person, said to a program: a version that another took meanwhile is one more stale version.
const POUR_PROGRAMME: Readonly<Record<string, Refusal>> = {
  cle_autre: refusals.cle_autre,
  page_perimee: refusals.version_perimee,
}

async function agir(appel: Appel, work: (cas: Cas) => Promise<Result<unknown>>): Promise<Answer> {
  const { ctx, jeton, corps: body } = appel
  const key = ctx.header('idempotency-key') ?? ''
  if (!/^[\w-]{16,64}$/.test(key)) return refused(refusals.cle_absente)
  // The tag of a reading, or the bare version of its JSON.
  const version = Number(ctx.header('if-match')?.match(/^"?(\d{1,9})(?:-[\w-]+)?"?$/)?.[1])
  if (!Number.isInteger(version)) return refused(refusals.version_absente)
  // Two programs that choose the same key do not meet.
  const cle = createHash('sha256').update(`${jeton.id}|${key}`).digest('base64url')
  const answer = await once(ctx, cle, { body, version }, async tx => {
    const cas = await casDuJeton(appel, tx)
    if (!cas) return refuse(notFound)
    if (cas.dossier.version !== version) return refuse(refusals.version_perimee)
    const done = await work(cas)
    if (!done.ok) return done
    const { dossier } = (await casDuJeton(appel, tx)) ?? cas
    return ok({ to: JSON.stringify({ id: dossier.id, etat: dossier.etat, version: dossier.version }) })
  })
  // `once` keeps what was answered, be it a place to go or, here, JSON.
  if ('redirect' in answer) return { json: JSON.parse(answer.redirect) }
  const code = 'refusal' in answer ? answer.refusal.code : ''
  return POUR_PROGRAMME[code] ? refused(POUR_PROGRAMME[code]) : answer
}

/** The agent that a program names, by their id or their address, when they may handle this dossier; those of elsewhere, by delegation, by their id. */
async function agentNomme({ app, tx, collectivite, dossier }: Cas, name: string) {
  const now = app.clock.now()
  const wanted = name.trim().toLowerCase()
  const id = isUuid(wanted) ? wanted : (await equipe(tx, collectivite.id, now)).find(({ courriel }) => courriel === wanted)?.id
  const target = { demarcheId: dossier.demarche_id, service: dossier.service }
  return (await agentsPossibles(tx, collectivite.id, target, civilDay(now, fuseau(collectivite)))).find(agent => agent.id === id)
}

const impossible = { ...programmes.refusals.agent_impossible, field: 'agent' }

/** Acts in the name of an agent, when one is given: in charge from then on. Refuses one who may not handle this dossier. */
async function pour(cas: Cas, name: string | undefined, work: (cas: Cas) => Promise<Result<unknown>>): Promise<Result<unknown>> {
  if (name === undefined) return work(cas)
  const agent = await agentNomme(cas, name)
  return agent ? work({ ...cas, auteur: { ...cas.auteur, pour: agent.id } }) : refuse(impossible)
}

/** A label by its id or its name; an id that nobody has when there is none. */
async function idDeLEtiquette({ tx, collectivite }: Cas, typed: string): Promise<string> {
  if (isUuid(typed)) return typed
  const named = (await programmes.etiquettesDe(tx, collectivite.id)).find(({ nom }) => nom === typed)
  return named?.id ?? newId()
}

/**
 * A decision bears the name of who takes it (CRPA L212-1), and so does taking it back: a décideur of the collectivité, or an agent of elsewhere to whom
 * deciding this dossier is delegated today.
 */
async function parUnDecideur(cas: Cas, name: string, work: (cas: Cas) => Promise<Result<unknown>>): Promise<Result<unknown>> {
  const agent = await agentNomme(cas, name)
  if (!agent?.roles.includes('decideur')) return refuse({ ...refusals.decideur_impossible, field: 'agent' })
  return work({ ...cas, auteur: { ...cas.auteur, pour: agent.id } })
}

const decider = (
  cas: Cas,
  sens: 'accepter' | 'refuser' | 'classer_sans_suite',
  { agent, motif = '' }: { readonly agent: string; readonly motif?: string | undefined },
) => parUnDecideur(cas, agent, known => programmes.decider(known, sens, motif))

const NOM = 'La décision porte le nom de l’agent donné, qui doit être décideur ; l’historique dit que votre logiciel l’a enregistrée.'

/** What a program may do to a dossier. */
export const actes: readonly Operation[] = [
  acte({
    id: 'prendreEnInstruction',
    chemin: 'instruction',
    droit: 'dossiers.agir',
    titre: 'Prendre en charge',
    corps: corps.instruction,
    faire: (cas, { agent }) => pour(cas, agent, programmes.prendreEnInstruction),
  }),
  acte({
    id: 'remettre',
    chemin: 'retour',
    droit: 'dossiers.agir',
    titre: 'Remettre à prendre en charge',
    corps: corps.retour,
    faire: (cas, { motif = '' }) => programmes.remettre(cas, motif),
  }),
  acte({
    id: 'demanderCorrection',
    chemin: 'corrections',
    droit: 'dossiers.agir',
    titre: 'Demander une correction',
    detail: 'La personne est prévenue ; le délai du silence s’arrête jusqu’à sa réponse.',
    corps: corps.correction,
    faire: async (cas, demande) => {
      const known = new Set(cas.modele.formulaire.etapes.flatMap(({ champs }) => champs.map(({ id }) => id)))
      if (!demande.champs.every(champ => known.has(champ))) return refuse({ ...refusals.champ_inconnu, field: 'champs' })
      return programmes.demanderCorrection(cas, demande)
    },
  }),
  acte({
    id: 'attribuer',
    chemin: 'attribution',
    droit: 'dossiers.agir',
    titre: 'Attribuer à un agent',
    corps: corps.attribution,
    faire: async (cas, { agent: name }) => {
      if (name === null) return programmes.attribuer(cas, null)
      const agent = await agentNomme(cas, name)
      return agent ? programmes.attribuer(cas, agent) : refuse(impossible)
    },
  }),
  acte({
    id: 'changerService',
    chemin: 'service',
    droit: 'dossiers.agir',
    titre: 'Passer à un autre service',
    corps: corps.service,
    faire: async (cas, { service, motif }) => {
      if (service === cas.dossier.service || !(await programmes.servicesDe(cas.tx, cas.collectivite.id)).includes(service))
        return refuse({ ...programmes.refusals.service_inconnu, field: 'service' })
      return programmes.changerService(cas, service, motif)
    },
  }),
  acte({
    id: 'annoter',
    chemin: 'annotations',
    droit: 'dossiers.agir',
    titre: 'Remplir des annotations',
    detail: 'Toutes sont prises, ou aucune ; « champ » dit laquelle ne convient pas.',
    corps: corps.annotations,
    faire: (cas, { valeurs }) => programmes.annoterParValeurs(cas, new Map(Object.entries(valeurs))),
  }),
  acte({
    id: 'etiqueter',
    chemin: 'etiquettes',
    droit: 'dossiers.agir',
    titre: 'Poser une étiquette',
    corps: corps.etiquette,
    faire: async (cas, { etiquette }) => programmes.etiqueter(cas, await idDeLEtiquette(cas, etiquette)),
  }),
  acte({
    id: 'desetiqueter',
    chemin: 'etiquettes/retrait',
    droit: 'dossiers.agir',
    titre: 'Retirer une étiquette',
    corps: corps.etiquette,
    faire: async (cas, { etiquette }) => programmes.desetiqueter(cas, await idDeLEtiquette(cas, etiquette)),
  }),
  acte({
    id: 'accepter',
    chemin: 'acceptation',
    droit: 'dossiers.decider',
    titre: 'Accepter',
    detail: NOM,
    corps: corps.acceptation,
    faire: (cas, body) => decider(cas, 'accepter', body),
  }),
  acte({
    id: 'refuser',
    chemin: 'refus',
    droit: 'dossiers.decider',
    titre: 'Refuser',
    detail: NOM,
    corps: corps.decision,
    faire: (cas, body) => decider(cas, 'refuser', body),
  }),
  acte({
    id: 'classerSansSuite',
    chemin: 'classement',
    droit: 'dossiers.decider',
    titre: 'Classer sans suite',
    detail: NOM,
    corps: corps.decision,
    faire: (cas, body) => decider(cas, 'classer_sans_suite', body),
  }),
  acte({
    id: 'rouvrir',
    chemin: 'reouverture',
    droit: 'dossiers.decider',
    titre: 'Rouvrir',
    detail: 'La décision est révoquée, la personne prévenue. La réouverture porte le nom de l’agent donné, qui doit être décideur.',
    corps: corps.reouverture,
    faire: (cas, { agent, motif }) => parUnDecideur(cas, agent, known => programmes.rouvrir(known, motif)),
  }),
  acte({
    id: 'ecrire',
    chemin: 'messages',
    droit: 'messages.ecrire',
    titre: 'Écrire à la personne',
    corps: corps.message,
    faire: (cas, { texte }) => programmes.ecrire(cas, texte),
  }),
]
