import type { Context } from '../../../../platform/http/route.ts'
import { newSecret } from '../../../../platform/ids.ts'
import {
  Actions,
  Button,
  ButtonLink,
  Details,
  ErrorSummary,
  FileInput,
  Form,
  LinkList,
  MessageThread,
  Notice,
  SummaryList,
  Tag,
  Textarea,
  Timeline,
  type Tone,
} from '../../../../ui/index.ts'
import { dates, Recapitulatif, recapitulatif } from '../../../formulaires/index.ts'
import { appellation, fuseau, pageDe } from '../../../territoire/index.ts'
import { instantEnMots } from '../../accuse.ts'
import { codeDonne, codeDuDossier } from '../../code.ts'
import { finDeCorbeille } from '../../conservation.ts'
import { type Etat, estTermine, LIBELLES_ETATS, type NatureEvenement } from '../../dossier.ts'
import { distanceDuDossier, recoursAvecDistance } from '../../horloges/distance.ts'
import { provenanceDesLignes } from '../../provenances.ts'
import type { Lecture } from '../../queries/lectures.ts'
import type { CorrectionRow, DemandeAvisRow, DocumentRow, EvenementRow, MessageRow } from '../../tables.ts'
import { FICHIERS_ADMIS } from '../fichiers-joints.ts'
import type { Ouvert } from './acces.ts'
import { Avis } from './avis.page.tsx'
import { QuiALu } from './lectures.tsx'
import { AdresseCorrigee, CodeDonne } from './par-un-agent.page.tsx'
import type { QuestionDAvis } from './question-d-avis.ts'
import { Refaire } from './reprendre.page.tsx'

/** The colour of a state; its words carry the meaning. */
export const TONS: Readonly<Record<Etat, Tone>> = {
  brouillon: 'neutre',
  en_construction: 'info',
  en_instruction: 'info',
  accepte: 'succes',
  refuse: 'danger',
  sans_suite: 'neutre',
}

const TITRES: Partial<Record<NatureEvenement, string>> = {
  deposer: 'Demande reçue',
  prendre_en_instruction: 'Un agent examine votre demande',
  demander_correction: 'Une correction vous est demandée',
  repondre_correction: 'Vous avez répondu à la demande de correction',
  repasser_en_construction: 'La demande est remise en attente',
  accepter: 'Demande acceptée',
  accepter_auto: 'Demande acceptée',
  refuser: 'Demande refusée',
  refuser_auto: 'Demande refusée',
  classer_sans_suite: 'Demande classée sans suite',
  rouvrir: 'La demande est examinée de nouveau',
  envoyer_courrier: 'Un courrier vous a été envoyé',
  corriger_courriel: 'Votre adresse électronique a été corrigée par un agent',
  renouveler_code: 'Un nouveau code vous a été donné par un agent',
}

/** Everything the page of a dossier shows its resident. */
export interface VueDossier {
  readonly evenements: readonly EvenementRow[]
  readonly correction: CorrectionRow | undefined
  readonly messages: readonly MessageRow[]
  readonly documents: readonly DocumentRow[]
  /** The opinions given that the agents chose to show. */
  readonly avisRendus: readonly DemandeAvisRow[]
  /** Who read it, the latest first. */
  readonly lectures: readonly Lecture[]
  /** When its identity documents were cleared. */
  readonly identiteEffaceeLe?: Date | undefined
  readonly estGarde: boolean
  /** Whether the démarche is still open, for another dossier like this one. */
  readonly refaire?: boolean | undefined
  readonly avis?: QuestionDAvis | undefined
  readonly erreurMessage?: { readonly texte: string; readonly message: string; readonly champ: 'texte' | 'fichiers' } | undefined
}

/** The follow-up page of a dossier: where it is, what is expected of whom, what was written, what was issued. */
export function pageDossier(ctx: Context, ouvert: Ouvert, vue: VueDossier): Promise<string> {
  const { collectivite, dossier, modele, env } = ouvert
  const base = `${collectivite.base}/dossiers/${dossier.id}`
  const quand = (date: Date) => instantEnMots(date, collectivite)
  return pageDe(ctx.app, collectivite, {
    title: modele.titre,
    hasErrors: vue.erreurMessage !== undefined || vue.avis?.refus !== undefined,
    noindex: true,
    enhanced: true,
    chemin: [
      { texte: collectivite.nom, href: collectivite.base || '/' },
      { texte: 'Mes dossiers', href: `${collectivite.base}/mes-dossiers` },
    ],
    children: (
      <>
        {vue.erreurMessage && <ErrorSummary errors={[vue.erreurMessage]} />}
        {vue.avis?.refus && <ErrorSummary errors={[{ champ: 'note', message: vue.avis.refus.message }]} />}
        <p>
          <Tag tone={TONS[dossier.etat]}>{LIBELLES_ETATS[dossier.etat]}</Tag>
        </p>
        {dossier.cache_le ? (
          <BientotEfface ouvert={ouvert} base={base} jeton={ctx.token} />
        ) : (
          <Suite ouvert={ouvert} correction={vue.correction} base={base} />
        )}
        <AdresseCorrigee ouvert={ouvert} evenements={vue.evenements} base={base} />
        <CodeDonne ouvert={ouvert} donne={codeDonne(dossier, vue.evenements)} action={`${base}/code`} jeton={ctx.token} />
        {vue.identiteEffaceeLe && (
          <p class="hint">{`Pièces d’identité effacées le ${quand(vue.identiteEffaceeLe)} : elles ne servent plus.`}</p>
        )}
        <SummaryList
          rows={[
            { cle: 'Référence', valeur: dossier.reference },
            { cle: 'Code personnel', valeur: codeDuDossier(ctx.app.secrets, dossier) },
            ...(dossier.depose_le ? [{ cle: 'Reçue le', valeur: quand(dossier.depose_le) }] : []),
            ...(dossier.silence_le && !estTermine(dossier.etat)
              ? [
                  {
                    cle: 'Sans réponse',
                    valeur: `Demande ${modele.silence.effet === 'acceptation' ? 'acceptée' : 'refusée'} le ${dates.longDate(dossier.silence_le)}`,
                  },
                ]
              : []),
          ]}
        />
        {vue.documents.length > 0 && (
          <>
            <h2>Documents</h2>
            <LinkList
              items={vue.documents.map(d => ({
                texte: `${d.titre} (PDF)`,
                href: `${base}/documents/${d.id}`,
                description: d.revoque_le
                  ? `Émis le ${quand(d.emis_le)}. N’est plus valable depuis le ${quand(d.revoque_le)}.`
                  : `Émis le ${quand(d.emis_le)}`,
              }))}
            />
          </>
        )}
        {vue.avisRendus.length > 0 && (
          <>
            <h2>Avis reçus sur votre demande</h2>
            <SummaryList
              rows={vue.avisRendus.map(a => ({
                cle: `${a.expert_nom}, ${quand(a.rendue_le!)}`,
                valeur: (
                  <span class="plain">
                    {[a.reponse === 'oui' ? 'Oui.' : a.reponse === 'non' ? 'Non.' : '', a.texte].filter(Boolean).join(' ') ||
                      'Avis joint au dossier.'}
                  </span>
                ),
              }))}
            />
          </>
        )}
        <h2 id="messages">Messages</h2>
        {vue.messages.length === 0 && <p>{`Aucun message. Vous pouvez écrire à ${appellation(collectivite)} ici.`}</p>}
        {vue.messages.length > 0 && (
          <MessageThread
            messages={vue.messages.map(m => ({
              auteur: m.auteur_nature === 'agent' ? collectivite.nom : 'Vous',
              date: quand(m.le),
              dateIso: m.le.toISOString(),
              texte: m.texte,
              deMoi: m.auteur_nature === 'usager',
              pieces: m.pieces.map(({ id, nom }) => ({ texte: nom, href: `${base}/pieces/${id}` })),
              lu: m.auteur_nature === 'agent' ? undefined : m.lu_le ? `Lu le ${quand(m.lu_le)}` : undefined,
            }))}
          />
        )}
        <Form action={`${base}/messages`} jeton={ctx.token} cle={newSecret()} label="Écrire un message" multipart>
          <Textarea
            name="texte"
            label="Votre message"
            maximum={4000}
            rows={4}
            value={vue.erreurMessage?.texte}
            error={vue.erreurMessage?.champ === 'texte' ? vue.erreurMessage.message : undefined}
          />
          <FileInput
            name="fichiers"
            label="Documents"
            {...FICHIERS_ADMIS}
            multiple
            optional
            error={vue.erreurMessage?.champ === 'fichiers' ? vue.erreurMessage.message : undefined}
          />
          <Button tone="secondary">Envoyer le message</Button>
        </Form>
        <Avis question={vue.avis} action={`${base}/avis`} jeton={ctx.token} />
        <h2>Ce qui s’est passé</h2>
        <Timeline
          events={vue.evenements
            .filter(e => TITRES[e.nature])
            .map(e => ({ date: quand(e.le), dateIso: e.le.toISOString(), titre: TITRES[e.nature]!, texte: e.motif ?? undefined }))}
        />
        <Details titre="Vos réponses">
          <Recapitulatif
            sections={recapitulatif(modele.formulaire, dossier.reponses, env)}
            pieceHref={id => `${base}/pieces/${id}`}
            provenance={provenanceDesLignes(dossier.provenances)}
            recherche={`${collectivite.base}/recherche`}
          />
        </Details>
        <QuiALu lectures={vue.lectures} quand={quand} service={dossier.service} />
        <Details titre="Qui peut ouvrir cette page">
          <p>Toute personne qui connaît la référence et le code personnel. Si quelqu’un d’autre les a, changez le code.</p>
          <Form action={`${base}/code`} jeton={ctx.token} cle={newSecret()}>
            <Button tone="quiet">Changer le code personnel</Button>
          </Form>
        </Details>
        <p>
          <a href={`${base}/donnees`}>Vos données dans ce dossier : les enregistrer, les corriger, les retirer</a>
        </p>
        {vue.refaire && <Refaire action={`${base}/copie`} jeton={ctx.token} cle={newSecret()} />}
        {ouvert.visitor.personneId && !vue.estGarde && (
          <Form action={`${base}/garder`} jeton={ctx.token} cle={newSecret()}>
            <Button tone="secondary">Ajouter à mes dossiers</Button>
          </Form>
        )}
      </>
    ),
  })
}

/** What is expected now, of whom: one call in four to a mairie asks this. */
function Suite({ ouvert, correction, base }: { ouvert: Ouvert; correction: CorrectionRow | undefined; base: string }) {
  const { dossier, modele, collectivite } = ouvert
  const mairie = appellation(collectivite)
  if (correction) {
    return (
      <Notice tone="attention" title={`À vous d’agir avant le ${dates.longDate(correction.echeance)}`}>
        <p>{correction.message}</p>
        <Actions>
          <ButtonLink href={`${base}/correction`}>Répondre à la demande de correction</ButtonLink>
        </Actions>
      </Notice>
    )
  }
  if (dossier.etat === 'en_construction')
    return (
      <p>{`Vous n’avez rien à faire. Un agent va examiner votre demande ; la réponse demande d’ordinaire ${modele.delaiJours} jours.`}</p>
    )
  if (dossier.etat === 'en_instruction')
    return <p>{`Vous n’avez rien à faire. Un agent examine votre demande, et ${mairie} vous écrira dès qu’elle est décidée.`}</p>
  if (dossier.etat === 'accepte') return <p>Votre demande est acceptée. La décision est à télécharger ci-dessous dès qu’elle est prête.</p>
  if (dossier.etat === 'refuse')
    return (
      <p>{`Votre demande est refusée. La décision dit pourquoi. ${recoursAvecDistance(modele.recours, collectivite.departement, distanceDuDossier(ouvert))}`}</p>
    )
  return <p>Votre demande est close sans décision. Le motif est indiqué plus bas.</p>
}

/** A dossier out of the lists: until when it can come back. */
function BientotEfface({ ouvert, base, jeton }: { ouvert: Ouvert; base: string; jeton: string }) {
  const { dossier, collectivite } = ouvert
  const fin = dates.longDate(finDeCorbeille(dossier.cache_le!, fuseau(collectivite)))
  return (
    <Notice tone="attention" title={`Ce dossier sera effacé à partir du ${fin}`}>
      <p>Il n’est plus dans les listes de la mairie. Vous pouvez encore le garder.</p>
      <Form action={`${base}/restauration`} jeton={jeton} cle={newSecret()}>
        <Button>Garder ce dossier</Button>
      </Form>
    </Notice>
  )
}
