import type { VNode } from 'preact'
import { Actions, Button, ErrorSummary, type FieldError, Form, Notice, SearchBox, Table, Textarea, TextInput } from '../../../ui/index.ts'

/** What is typed to declare an API. */
export interface SaisieDApi {
  readonly nom: string
  readonly url: string
  readonly entete: string
  readonly resultats: string
  readonly cle: string
  readonly libelle: string
  /** One a line: « Nom = chemin ». */
  readonly valeurs: string
}

export interface ApiProps {
  readonly action: string
  readonly jeton: string
  readonly cle: string
  readonly saisie: SaisieDApi
  readonly aUnSecret: boolean
  readonly erreurs: readonly FieldError[]
  readonly bouton: string
}

/** The declaration of an API: where it is, what proves who asks, and how its answer is read. */
export function FormulaireDApi({ action, jeton, cle, saisie, aUnSecret, erreurs, bouton }: ApiProps): VNode {
  const error = (name: string) => erreurs.find(({ champ }) => champ === name)?.message
  const box = (name: keyof SaisieDApi, label: string, hint: string, optional = false) => (
    <TextInput name={name} label={label} hint={hint} value={saisie[name]} error={error(name)} optional={optional} spellcheck={false} />
  )
  return (
    <>
      <ErrorSummary errors={erreurs} />
      <Form action={action} jeton={jeton} cle={cle}>
        {box('nom', 'Nom de la liste', 'Pour la reconnaître entre agents, par exemple « Arrêts de car ».')}
        {box('url', 'Adresse', 'En https, avec {cle} à la place de ce que la personne tape : https://exemple.fr/arrets?q={cle}')}
        {box('entete', 'En-tête qui porte le secret', 'Par exemple Authorization ou X-Api-Key.', true)}
        <TextInput
          name="secret"
          type="password"
          label="Secret"
          hint={aUnSecret ? 'Un secret est enregistré. Laissez vide pour le garder.' : 'Il est chiffré, et n’est plus jamais montré.'}
          autocomplete="new-password"
          error={error('secret')}
          optional
        />
        <h2>Lire la réponse</h2>
        <p>
          Un chemin donne les noms à suivre dans la réponse JSON, séparés par des points : <code>adresse.commune</code>.
        </p>
        {box(
          'resultats',
          'Chemin de la liste des résultats',
          'Laissez vide si la réponse est elle-même la liste, ou un seul résultat.',
          true,
        )}
        {box('cle', 'Chemin de l’identifiant', 'Dans un résultat, ce qui le distingue des autres.')}
        {box('libelle', 'Chemin du libellé', 'Dans un résultat, ce que les personnes lisent.')}
        <Textarea
          name="valeurs"
          label="Autres valeurs à garder"
          hint="Une par ligne : Commune = adresse.commune"
          value={saisie.valeurs}
          rows={4}
          error={error('valeurs')}
          optional
        />
        <Actions>
          <Button>{bouton}</Button>
        </Actions>
      </Form>
    </>
  )
}

export interface EssaiProps {
  readonly action: string
  readonly mots: string
  readonly colonnes: readonly string[]
  /** Undefined before anything was tried. */
  readonly resultat:
    | {
        readonly ok: true
        readonly lignes: readonly { readonly cle: string; readonly libelle: string; readonly valeurs: Readonly<Record<string, string>> }[]
      }
    | { readonly ok: false; readonly phrase: string }
    | undefined
}

/** What an answer of the API becomes, for words typed by the agent. */
export function EssaiDApi({ action, mots, colonnes, resultat }: EssaiProps): VNode {
  return (
    <>
      <h2>Essayer</h2>
      <SearchBox action={action} name="essai" label="Ce que la personne taperait" value={mots} bouton="Essayer" />
      {resultat && !resultat.ok && (
        <Notice tone="attention" title="Pas de réponse utilisable" live>
          <p>{resultat.phrase}</p>
          <p>Dans un formulaire, la réponse serait gardée telle que tapée, « non vérifiée ».</p>
        </Notice>
      )}
      {resultat?.ok && resultat.lignes.length === 0 && <Notice live>L’API a répondu, sans aucun résultat pour ces mots.</Notice>}
      {resultat?.ok && resultat.lignes.length > 0 && (
        <Table
          caption={`Réponses lues pour « ${mots} »`}
          rows={resultat.lignes}
          columns={[
            { titre: 'Libellé', cellule: ({ libelle }) => libelle },
            { titre: 'Identifiant', cellule: ({ cle }) => cle },
            ...colonnes.map(titre => ({
              titre,
              cellule: (row: { valeurs: Readonly<Record<string, string>> }) => row.valeurs[titre] || '–',
            })),
          ]}
        />
      )}
    </>
  )
}
