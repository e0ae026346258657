import type { VNode } from 'preact'
import {
  Actions,
  Button,
  ButtonLink,
  Details,
  EmptyState,
  ErrorSummary,
  type FieldError,
  Form,
  Notice,
  Pagination,
  SearchBox,
  Select,
  Table,
} from '../../../ui/index.ts'
import type { ProblemeDeFichier } from '../csv.ts'
import type { LigneRow } from '../tables.ts'
import { ChampDeFichier, erreurDuFichier, ProblemesDuFichier } from './fichier.page.tsx'

export interface ListeProps {
  readonly adresse: string
  readonly jeton: string
  /** Keys of the two forms. */
  readonly cles: readonly [string, string]
  readonly fait: string | undefined
  readonly notes: readonly string[]
  readonly colonnes: readonly string[]
  readonly colonneCle: string
  readonly colonneLibelle: string
  readonly erreurs: readonly FieldError[]
  readonly problemes: readonly ProblemeDeFichier[]
  readonly cherche: string
  readonly lignes: readonly LigneRow[]
  readonly total: number
  readonly page: number
  readonly pages: number
}

/** A list read from a file: its lines, its columns, and how to replace it. */
export function PageDeListe(props: ListeProps): VNode {
  const { adresse, jeton, cles, fait, notes, problemes } = props
  const erreurs = [...props.erreurs, ...erreurDuFichier(problemes)]
  return (
    <>
      <ErrorSummary errors={erreurs} />
      <ProblemesDuFichier problemes={problemes} />
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      {notes.length > 0 && (
        <Notice title="Ce qui a été compris ou réparé à la lecture du fichier">
          <ul>
            {notes.map(note => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Lignes {...props} />
      <h2>Colonnes</h2>
      <Form action={`${adresse}/colonnes`} jeton={jeton} cle={cles[0]}>
        <ChoixDeColonne {...props} name="colonneCle" label="Colonne qui distingue les lignes" value={props.colonneCle} />
        <ChoixDeColonne {...props} name="colonneLibelle" label="Colonne que les personnes lisent" value={props.colonneLibelle} />
        <Actions>
          <Button tone="secondary">Changer les colonnes</Button>
        </Actions>
      </Form>
      <h2>Fichier</h2>
      <Details titre="Remplacer par un nouveau fichier" open={problemes.length > 0 || erreurs.some(({ champ }) => champ === 'fichier')}>
        <Form action={`${adresse}/fichier`} jeton={jeton} cle={cles[1]} multipart natif>
          <p>Les deux colonnes choisies doivent s’y trouver sous le même titre. Les réponses déjà données ne changent pas.</p>
          <ChampDeFichier erreur={erreurs.find(({ champ }) => champ === 'fichier')?.message} />
          <Actions>
            <Button>Remplacer la liste</Button>
          </Actions>
        </Form>
      </Details>
      <Actions>
        <ButtonLink href={`${adresse}/lignes.csv`} tone="secondary">
          Télécharger en CSV
        </ButtonLink>
        <ButtonLink href={`${adresse}/suppression`} tone="quiet">
          Supprimer la liste
        </ButtonLink>
      </Actions>
    </>
  )
}

function ChoixDeColonne({ name, label, value, colonnes, erreurs }: ListeProps & { name: string; label: string; value: string }): VNode {
  const options = colonnes.map(titre => ({ value: titre, label: titre }))
  return (
    <Select
      name={name}
      label={label}
      options={options}
      value={value}
      vide={false}
      error={erreurs.find(({ champ }) => champ === name)?.message}
    />
  )
}

function Lignes({ adresse, cherche, lignes, total, page, pages, colonnes, colonneLibelle }: ListeProps): VNode {
  const first = [colonneLibelle, ...colonnes.filter(titre => titre !== colonneLibelle)].slice(0, 6)
  const counted = total === 1 ? '1 ligne' : `${total.toLocaleString('fr-FR')} lignes`
  const query = cherche ? `q=${encodeURIComponent(cherche)}&` : ''
  return (
    <>
      <SearchBox action={adresse} label="Chercher dans la liste" value={cherche} />
      {lignes.length === 0 ? (
        <EmptyState titre="Aucune ligne">Essayez avec moins de mots.</EmptyState>
      ) : (
        <Table
          caption={cherche ? `${counted} pour « ${cherche} »` : counted}
          rows={lignes}
          rowKey={ligne => ligne.cle}
          columns={first.map(titre => ({ titre, cellule: ({ valeurs }: LigneRow) => valeurs[titre] || '–' }))}
        />
      )}
      <Pagination page={page} pages={pages} href={other => `${adresse}?${query}page=${other}`} total={counted} />
    </>
  )
}

export interface SuppressionProps {
  readonly adresse: string
  readonly jeton: string
  readonly cle: string
  readonly nom: string
}

/** What deleting a list changes, before it is done. */
export function PageDeSuppression({ adresse, jeton, cle, nom }: SuppressionProps): VNode {
  return (
    <>
      <Notice tone="attention" title="Vérifiez qu’aucune question ne se sert de cette liste">
        <p>
          Une démarche publiée dont une question fait choisir dans « {nom} » restera ouverte, mais les réponses y seront gardées telles que
          tapées, « non vérifiées ». Les réponses déjà données ne changent pas.
        </p>
      </Notice>
      <Form action={`${adresse}/suppression`} jeton={jeton} cle={cle}>
        <Actions>
          <Button tone="danger">Supprimer définitivement</Button>
          <ButtonLink href={adresse} tone="secondary">
            Garder la liste
          </ButtonLink>
        </Actions>
      </Form>
    </>
  )
}
