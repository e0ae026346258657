import type { VNode } from 'preact'
import {
  Actions,
  Button,
  ButtonLink,
  type ButtonTone,
  Checkbox,
  EmptyState,
  ErrorSummary,
  type FieldError,
  Form,
  Notice,
  Progress,
  Refreshed,
  Select,
  type SelectOption,
  Table,
  Textarea,
} from '../../../../ui/index.ts'
import type { Demande } from '../../lots/actes.ts'

export interface PreparationProps {
  readonly action: string
  readonly retour: string
  readonly jeton: string
  readonly cle: string
  readonly erreurs: readonly FieldError[]
  readonly effet: string
  /** How many can be done, in words and as a number, and by state. */
  readonly possibles: number
  readonly parEtat: readonly { readonly texte: string }[]
  /** Those that cannot, told one by one up to a point. */
  readonly exclus: readonly { readonly texte: string; readonly raison: string; readonly href: string }[]
  readonly autresExclus: number
  readonly demandes: readonly Demande[]
  readonly agents: readonly SelectOption[]
  readonly services: readonly SelectOption[]
  readonly etiquettes: readonly SelectOption[]
  readonly saisie: {
    readonly agent: string
    readonly service: string
    readonly etiquette: string
    readonly motif: string
    readonly annotations: boolean
  }
  readonly bouton: { readonly texte: string; readonly tone: ButtonTone }
}

/** What will happen to each dossier chosen, and to which it cannot, before anything does. */
export function Preparation(props: PreparationProps): VNode {
  const { action, retour, jeton, cle, erreurs, effet, possibles, parEtat, exclus, autresExclus, bouton } = props
  return (
    <>
      <ErrorSummary errors={erreurs} />
      <p>{effet}</p>
      <ul>
        {parEtat.map(({ texte }) => (
          <li key={texte}>{texte}</li>
        ))}
      </ul>
      {exclus.length > 0 && (
        <Notice
          tone="attention"
          title={`${exclus.length + autresExclus} ne ${exclus.length + autresExclus > 1 ? 'pourront' : 'pourra'} pas l’être`}
        >
          <ul>
            {exclus.map(({ texte, raison, href }) => (
              <li key={href}>
                <a href={href}>{texte}</a>
                {` : ${raison}`}
              </li>
            ))}
            {autresExclus > 0 && (
              <li>{`et ${autresExclus} autres, pour des raisons semblables : la page du résultat les nommera tous.`}</li>
            )}
          </ul>
        </Notice>
      )}
      {possibles === 0 ? (
        <ButtonLink href={retour}>Revenir à la liste</ButtonLink>
      ) : (
        <Form action={`${action}/lancement`} jeton={jeton} cle={cle}>
          <Questions {...props} />
          <Actions>
            <Button tone={bouton.tone}>{bouton.texte}</Button>
            <a href={retour}>Annuler</a>
          </Actions>
        </Form>
      )}
    </>
  )
}

function Questions({ demandes, agents, services, etiquettes, saisie, erreurs }: PreparationProps): VNode {
  const erreur = (champ: string) => erreurs.find(one => one.champ === champ)?.message
  const asks = (demande: Demande) => demandes.includes(demande)
  return (
    <>
      {asks('agent') && (
        <Select name="agent" label="La personne en charge" options={agents} value={saisie.agent} vide="Personne pour l’instant" optional />
      )}
      {asks('service') && <Select name="service" label="Le service" options={services} value={saisie.service} error={erreur('service')} />}
      {asks('etiquette') && (
        <Select name="etiquette" label="L’étiquette" options={etiquettes} value={saisie.etiquette} error={erreur('etiquette')} />
      )}
      {(asks('motif') || asks('precisions')) && (
        <Textarea
          name="motif"
          label={asks('motif') ? 'Motif' : 'Précisions'}
          hint={asks('service') ? 'Il reste dans l’historique des dossiers.' : 'Les mêmes mots pour tous ces dossiers.'}
          value={saisie.motif}
          maximum={4000}
          optional={!asks('motif')}
          error={erreur('motif')}
        />
      )}
      {asks('annotations') && (
        <Checkbox
          name="annotations"
          label="Mettre aussi les annotations des agents"
          hint="La personne ne les voit jamais : attention à qui reçoit l’archive."
          checked={saisie.annotations}
        />
      )}
    </>
  )
}

export interface LotProps {
  readonly action: string
  readonly retour: string
  readonly jeton: string
  readonly cle: () => string
  readonly fait: string | undefined
  readonly erreurs: readonly FieldError[]
  readonly enCours: { readonly texte: string; readonly faits: number; readonly total: number } | undefined
  readonly peutArreter: boolean
  /** How it ended. */
  readonly resultat: { readonly texte: string; readonly ton: 'succes' | 'attention' } | undefined
  readonly refus: readonly { readonly href: string; readonly texte: string; readonly raison: string }[]
  readonly fichier: { readonly href: string; readonly texte: string; readonly jusqua: string } | undefined
  readonly defaire: string | undefined
  readonly defaitPar: string | undefined
  /** Why it cannot be undone. */
  readonly definitif: string | undefined
}

/** A batch that runs or ran: how far it is, what was done, what was not and why. */
export function Lot(props: LotProps): VNode {
  const { action, jeton, cle, fait, erreurs, enCours, resultat } = props
  return (
    <>
      <ErrorSummary errors={erreurs} />
      {fait && <Notice live>{fait}</Notice>}
      <Refreshed id="avancement" seconds={enCours ? 2 : undefined}>
        {enCours && (
          <>
            <Progress label={enCours.texte} value={enCours.faits} max={enCours.total} />
            <p>
              Vous pouvez quitter cette page : le travail continue. <a href={action}>Actualiser</a>
            </p>
            {props.peutArreter && (
              <Form action={`${action}/arret`} jeton={jeton} cle={cle()} label="Arrêter">
                <Actions>
                  <Button tone="secondary">Arrêter</Button>
                </Actions>
              </Form>
            )}
          </>
        )}
        {resultat && (
          <Notice tone={resultat.ton} live>
            {resultat.texte}
          </Notice>
        )}
        <Suite {...props} />
      </Refreshed>
      <p>
        <a href={props.retour}>Tous vos travaux en lot</a>
      </p>
    </>
  )
}

function Suite({ action, jeton, cle, refus, fichier, defaire, defaitPar, definitif }: LotProps): VNode {
  return (
    <>
      {fichier && (
        <Actions>
          <ButtonLink href={fichier.href}>{fichier.texte}</ButtonLink>
          <span>{fichier.jusqua}</span>
        </Actions>
      )}
      {refus.length > 0 && (
        <Table
          caption="Dossiers laissés comme ils étaient"
          rows={refus}
          rowKey={({ href }) => href}
          columns={[
            { titre: 'Dossier', cellule: ({ href, texte }) => <a href={href}>{texte}</a> },
            { titre: 'Pourquoi', cellule: ({ raison }) => raison },
          ]}
        />
      )}
      {definitif && <p>{definitif}</p>}
      {defaitPar && (
        <p>
          Ce travail a été annulé : <a href={defaitPar}>voir l’annulation</a>.
        </p>
      )}
      {defaire && (
        <Form action={`${action}/annulation`} jeton={jeton} cle={cle()} label="Annuler ce travail">
          <p>{`Annuler : ${defaire.toLocaleLowerCase('fr-FR')}. Un dossier qui a changé depuis est laissé comme il est.`}</p>
          <Actions>
            <Button tone="secondary">Annuler ce travail</Button>
          </Actions>
        </Form>
      )}
    </>
  )
}

export interface LotListe {
  readonly href: string
  readonly quoi: string
  readonly quand: string
  readonly ou: string
}

/** What an agent asked for lately. */
export function Lots({ lots }: { readonly lots: readonly LotListe[] }): VNode {
  if (lots.length === 0)
    return (
      <EmptyState titre="Aucun travail en lot">Dans la liste des dossiers, cochez-en plusieurs, ou choisissez « Exporter ».</EmptyState>
    )
  return (
    <Table
      caption="Les 30 derniers jours"
      rows={lots}
      rowKey={({ href }) => href}
      columns={[
        { titre: 'Travail', cellule: ({ href, quoi }) => <a href={href}>{quoi}</a> },
        { titre: 'Demandé', cellule: ({ quand }) => quand },
        { titre: 'Avancement', cellule: ({ ou }) => ou },
      ]}
    />
  )
}
