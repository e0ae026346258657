import type { VNode } from 'preact'
import {
  Actions,
  Button,
  ButtonLink,
  Columns,
  type Contenu,
  Form,
  type LinkItem,
  LinkList,
  Notice,
  Plan,
  PlanRow,
} from '../../../../ui/index.ts'
import { type Envoi, Formulaire } from './cadre.tsx'
import type { Controle } from './controles.ts'

export interface LigneDuPlan {
  readonly id: string
  readonly libelle: string
  /** « Texte court, facultatif. Seulement si … » */
  readonly description: string
}

export interface PageDuPlan extends LigneDuPlan {
  readonly champs: readonly LigneDuPlan[]
  readonly estOuverte: boolean
}

export interface PlanProps {
  /** Address of the editor. */
  readonly adresse: string
  readonly essai: string
  readonly publication: string
  readonly pages: readonly PageDuPlan[]
  readonly controles: readonly Controle[]
  readonly annuler: number | undefined
  readonly retablir: number | undefined
  readonly aPublier: boolean
  readonly envoi: Envoi
}

/** The form as a plan: one page of it unfolded with its questions, the others in one line. */
export function PlanDuFormulaire(props: PlanProps): VNode {
  const { adresse, pages, envoi } = props
  return (
    <Columns>
      <div>
        <h2>Les pages et leurs questions</h2>
        <Formulaire action={`${adresse}/gestes`} envoi={envoi} label="Les pages et leurs questions">
          <Plan pages>
            {pages.map((page, rank) => (
              <PageEnLigne key={page.id} page={page} rang={rank + 1} props={props} />
            ))}
          </Plan>
        </Formulaire>
        <Actions>
          <ButtonLink href={`${adresse}/ajout?page=neuve`} tone="secondary">
            Ajouter une page
          </ButtonLink>
        </Actions>
      </div>
      <div>
        <ATraiter {...props} />
      </div>
    </Columns>
  )
}

// EcoIndex A allows 400 elements: beyond this many questions on the page, duplicating and deleting are on the page of each question.
const FULL = 20
// And beyond this many, one goes down by moving up the next.
const BOTH_WAYS = 48

function PageEnLigne({ page, rang, props }: { page: PageDuPlan; rang: number; props: PlanProps }): VNode {
  const { adresse, pages } = props
  const name = `${rang}. ${page.libelle}`
  if (!page.estOuverte)
    return (
      <PlanRow id={`etape-${page.id}`} href={`${adresse}?etape=${page.id}#etape-${page.id}`} texte={name} description={page.description} />
    )
  const element = `etapes/${page.id}`
  return (
    <PlanRow id={`etape-${page.id}`} href={`${adresse}/etapes/${page.id}`} texte={name} description={page.description} ouverte>
      {rang > 1 && <Geste geste={`haut:${element}`} mots="Monter" sur={page.libelle} />}
      {rang < pages.length && <Geste geste={`bas:${element}`} mots="Descendre" sur={page.libelle} />}
      <Geste geste={`dupliquer:${element}`} mots="Dupliquer" sur={page.libelle} />
      {pages.length > 1 && <Geste geste={`supprimer:${element}`} mots="Supprimer" sur={page.libelle} />}
      <Plan etape={page.id}>
        {page.champs.map((champ, rank) => (
          <Question key={champ.id} champ={champ} rang={rank} page={page} adresse={adresse} />
        ))}
      </Plan>
      <ButtonLink href={`${adresse}/ajout?etape=${page.id}`}>Ajouter une question</ButtonLink>
    </PlanRow>
  )
}

function Question({ champ, rang, page, adresse }: { champ: LigneDuPlan; rang: number; page: PageDuPlan; adresse: string }): VNode {
  const element = `champs/${champ.id}`
  const isFull = page.champs.length <= FULL
  return (
    <PlanRow
      id={`champ-${champ.id}`}
      href={`${adresse}/${element}`}
      texte={champ.libelle}
      description={champ.description}
      element={champ.id}
    >
      {rang > 0 && <Geste geste={`haut:${element}`} mots="Monter" sur={champ.libelle} />}
      {rang < page.champs.length - 1 && page.champs.length <= BOTH_WAYS && (
        <Geste geste={`bas:${element}`} mots="Descendre" sur={champ.libelle} />
      )}
      {isFull && <Geste geste={`dupliquer:${element}`} mots="Dupliquer" sur={champ.libelle} />}
      {isFull && <Geste geste={`supprimer:${element}`} mots="Supprimer" sur={champ.libelle} />}
    </PlanRow>
  )
}

export const Geste = ({ geste, mots, sur }: { geste: string; mots: string; sur: string }): VNode => (
  <Button tone="quiet" name="geste" value={geste} label={`${mots} : ${sur}`}>
    {mots}
  </Button>
)

function ATraiter({ adresse, essai, publication, controles, annuler, retablir, aPublier, envoi }: PlanProps): VNode {
  return (
    <>
      <h2>Avant de publier</h2>
      {controles.length === 0 ? (
        <Notice tone="succes">{aPublier ? 'Tout est prêt pour la publication.' : 'Rien n’est à publier.'}</Notice>
      ) : (
        <Controles controles={controles} adresse={adresse} />
      )}
      <Actions>
        {aPublier && <ButtonLink href={publication}>Relire et publier</ButtonLink>}
        <Form action={essai} jeton={envoi.jeton} cle={envoi.cle()} label="Essayer la démarche">
          <Button tone="secondary">Essayer</Button>
        </Form>
        <Defaire action={`${adresse}/annulation`} envoi={envoi} cible={annuler} mots="Annuler" label="Annuler le dernier changement" />
        <Defaire action={`${adresse}/annulation`} envoi={envoi} cible={retablir} mots="Rétablir" label="Rétablir ce qui a été annulé" />
      </Actions>
      <LinkList items={liensDe(adresse)} />
    </>
  )
}

const liensDe = (adresse: string): LinkItem[] => [
  { texte: 'Aperçu', href: `${adresse}/apercu`, description: 'Comme un habitant la verra.' },
  { texte: 'Formulaire papier', href: `${adresse}/papier`, description: 'À imprimer, pour le guichet.' },
  { texte: 'Textes', href: `${adresse}/textes`, description: 'Titre, documents, délais, loi, décision.' },
  { texte: 'Tarifs et réglages', href: `${adresse}/reglages`, description: 'Prix, barèmes, préavis.' },
  { texte: 'Refus et services', href: `${adresse}/regles`, description: 'Qui ne peut pas demander, qui répond, qui demande.' },
  { texte: 'Historique', href: `${adresse}/historique`, description: 'Qui a changé quoi, et tout annuler.' },
]

function Defaire({
  action,
  envoi,
  cible,
  mots,
  label,
}: {
  action: string
  envoi: Envoi
  cible: number | undefined
  mots: string
  label: string
}): VNode | null {
  if (cible === undefined) return null
  return (
    <Formulaire action={action} envoi={envoi} label={label}>
      <Button tone="quiet" name="cible" value={String(cible)} label={`${mots} : ${label}`}>
        {mots}
      </Button>
    </Formulaire>
  )
}

/** What prevents publishing, each with the way to its place; ten at most, so that the page stays light. */
export function Controles({ controles, adresse }: { controles: readonly Controle[]; adresse: string }): Contenu {
  return (
    <Notice tone="attention" title={controles.length === 1 ? 'Un point à corriger' : `${controles.length} points à corriger`}>
      <ul>
        {controles.slice(0, 10).map(({ lieu, message, chemin }) => (
          <li key={lieu + message}>
            <a href={`${adresse}${chemin}`}>{lieu}</a>
            {` : ${message}.`}
          </li>
        ))}
      </ul>
    </Notice>
  )
}
