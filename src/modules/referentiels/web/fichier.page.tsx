import type { VNode } from 'preact'
import { Actions, Button, Details, ErrorSummary, type FieldError, FileInput, Form, Notice, TextInput } from '../../../ui/index.ts'
import type { ProblemeDeFichier } from '../csv.ts'

/** What is typed beside the file. */
export interface SaisieDeFichier {
  readonly nom: string
  readonly cle: string
  readonly libelle: string
}

export interface FichierProps {
  readonly action: string
  readonly jeton: string
  readonly cle: string
  readonly saisie: SaisieDeFichier
  readonly erreurs: readonly FieldError[]
  readonly problemes: readonly ProblemeDeFichier[]
}

/** A new list from a file, or why it cannot be read. */
export function PageDeFichier({ action, jeton, cle, saisie, problemes, ...props }: FichierProps): VNode {
  const erreurs = [...props.erreurs, ...erreurDuFichier(problemes)]
  return (
    <>
      <ErrorSummary errors={erreurs} />
      <ProblemesDuFichier problemes={problemes} />
      <Form action={action} jeton={jeton} cle={cle} multipart natif>
        <TextInput
          name="nom"
          label="Nom de la liste"
          hint="Pour la reconnaître entre agents, par exemple « Écoles de la commune »."
          value={saisie.nom}
          width={40}
          error={erreurs.find(({ champ }) => champ === 'nom')?.message}
        />
        <ChampDeFichier erreur={erreurs.find(({ champ }) => champ === 'fichier')?.message} />
        <Details titre="Choisir les colonnes" open={saisie.cle !== '' || saisie.libelle !== ''}>
          <TextInput
            name="colonneCle"
            label="Titre de la colonne qui distingue les lignes"
            hint="Un code, un numéro. Sans réponse : la première colonne sans doublon."
            value={saisie.cle}
            optional
          />
          <TextInput
            name="colonneLibelle"
            label="Titre de la colonne que les personnes lisent"
            hint="Sans réponse : « libellé » ou « nom », sinon la colonne qui suit. Cela se change aussi après."
            value={saisie.libelle}
            optional
          />
        </Details>
        <Actions>
          <Button>Ajouter la liste</Button>
        </Actions>
      </Form>
    </>
  )
}

/** The error of the field, when its file has any: the reasons are told line by line beside it. */
export const erreurDuFichier = (problemes: readonly ProblemeDeFichier[]): FieldError[] =>
  problemes.length === 0
    ? []
    : [{ champ: 'fichier', message: 'Corrigez ce tableau, ligne par ligne comme dit sur cette page, puis choisissez-le de nouveau.' }]

/** The file of a list. */
export const ChampDeFichier = ({ erreur }: { erreur?: string | undefined }): VNode => (
  <FileInput
    name="fichier"
    label="Tableau"
    hint="La première ligne porte les titres des colonnes. 20 000 lignes au plus."
    formats="CSV"
    maximum="5 Mo"
    accept=".csv,.txt,.tsv,text/csv"
    error={erreur}
  />
)

const SHOWN = 30

/** Every reason, line by line; the first thirty when there are more. */
export function ProblemesDuFichier({ problemes }: { problemes: readonly ProblemeDeFichier[] }): VNode | null {
  if (problemes.length === 0) return null
  const more = problemes.length - SHOWN
  return (
    <Notice tone="danger" title="Rien n’est enregistré : ce fichier est à corriger" live>
      <ul>
        {problemes.slice(0, SHOWN).map(({ ligne, message }) => (
          <li key={`${ligne} ${message}`}>{ligne === null ? message : `Ligne ${ligne} : ${message}`}</li>
        ))}
      </ul>
      {more > 0 && <p>{more === 1 ? 'Et une autre ligne.' : `Et ${more.toLocaleString('fr-FR')} autres lignes.`}</p>}
    </Notice>
  )
}
