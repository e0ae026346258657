import type { VNode } from 'preact'
import {
  Actions,
  Button,
  ButtonLink,
  EmptyState,
  Filters,
  Form,
  Notice,
  Pagination,
  Select,
  type SelectOption,
  SummaryList,
  Table,
  TextInput,
} from '../../../ui/index.ts'
import type { Modele } from '../demarche.ts'
import { Questions } from './questions.page.tsx'

export interface CatalogueProps {
  readonly adresse: string
  readonly choisi: { readonly q: string; readonly evenement: string }
  readonly evenements: readonly SelectOption[]
  readonly modeles: readonly {
    readonly id: string
    readonly titre: string
    readonly resume: string
    readonly href: string
    readonly origine: string
    readonly evenement: string
    /** Where the démarche that follows it is, when the collectivité has one. */
    readonly adoptee: string | undefined
  }[]
  readonly page: number
  readonly pages: number
  readonly total: string
  readonly hrefDePage: (page: number) => string
}

/** The shared catalogue, as an agent looks for a template in it. */
export function CatalogueDesModeles({ adresse, choisi, evenements, modeles, page, pages, total, hrefDePage }: CatalogueProps): VNode {
  const isFiltered = choisi.q !== '' || choisi.evenement !== ''
  return (
    <>
      <p>
        Chaque modèle est prêt à servir. Une fois ajouté, vous changez ce que vous voulez, et gardez vos changements quand le modèle évolue.
      </p>
      <Filters action={adresse} effacer={isFiltered ? adresse : undefined}>
        <TextInput name="q" label="Que voulez-vous proposer ?" value={choisi.q} type="search" autocomplete="off" />
        <Select name="evenement" label="Moment de la vie" options={evenements} value={choisi.evenement} vide="Tous" />
      </Filters>
      {modeles.length === 0 ? (
        <EmptyState titre="Aucun modèle ne correspond">Cherchez avec moins de mots, ou créez votre propre démarche.</EmptyState>
      ) : (
        <Table
          caption="Les modèles du catalogue"
          captionHidden
          rows={modeles}
          rowKey={modele => modele.id}
          columns={[
            { titre: 'Modèle', cellule: ({ titre, href }) => <a href={href}>{titre}</a> },
            { titre: 'À quoi il sert', cellule: ({ resume }) => resume },
            { titre: 'Moment de la vie', cellule: ({ evenement }) => evenement },
            { titre: 'Proposé par', cellule: ({ origine }) => origine },
            { titre: 'Chez vous', cellule: ({ adoptee }) => (adoptee ? <a href={adoptee}>Déjà ajoutée</a> : 'Pas encore') },
          ]}
        />
      )}
      <Pagination page={page} pages={pages} href={hrefDePage} total={total} />
    </>
  )
}

export interface PageDuModeleProps {
  readonly modele: Modele
  readonly origine: string
  readonly version: number
  readonly action: string
  readonly id: string
  readonly adoptee: string | undefined
  readonly jeton: string
  readonly cle: string
}

/** A template, read before adopting it. */
export function PageDuModele({ modele, origine, version, action, id, adoptee, jeton, cle }: PageDuModeleProps): VNode {
  return (
    <>
      <p>{modele.resume}</p>
      {adoptee ? (
        <Notice tone="succes">
          <p>
            Votre collectivité propose déjà cette démarche. <a href={adoptee}>L’ouvrir</a>
          </p>
        </Notice>
      ) : (
        <Form action={action} jeton={jeton} cle={cle}>
          <input type="hidden" name="modele" value={id} />
          <Actions>
            <Button>Ajouter à nos démarches</Button>
            <ButtonLink href="#questions" tone="quiet">
              Voir les questions
            </ButtonLink>
          </Actions>
        </Form>
      )}
      <FaitsDuModele modele={modele} />
      <SummaryList rows={[{ cle: 'Proposé par', valeur: `${origine}, version ${version}` }]} />
      <h2 id="questions">Les questions</h2>
      <Questions formulaire={modele.formulaire} />
    </>
  )
}

/** What a démarche says of itself, line by line. */
export function FaitsDuModele({ modele }: { readonly modele: Modele }): VNode {
  return (
    <SummaryList
      rows={[
        { cle: 'Pour qui', valeur: modele.pour },
        { cle: 'Durée pour l’habitant', valeur: `${modele.dureeMinutes} minutes` },
        { cle: 'Coût', valeur: modele.cout },
        { cle: 'Réponse', valeur: `${modele.delaiJours} jours environ` },
        { cle: 'Documents demandés', valeur: modele.pieces.length > 0 ? modele.pieces.join(' ') : 'Aucun' },
        { cle: 'Silence', valeur: modele.silence.texte },
        { cle: 'Service', valeur: modele.service },
        { cle: 'Textes', valeur: modele.baseLegale.map(({ texte, reference }) => `${texte} : ${reference}.`).join(' ') },
        ...(modele.avisUrl ? [{ cle: 'Lien « Je donne mon avis »', valeur: modele.avisUrl }] : []),
        { cle: 'Conservation', valeur: `${modele.conservationMois} mois après la réponse` },
      ]}
    />
  )
}
