import type { VNode } from 'preact'
import { Actions, Button, ButtonLink, type ButtonTone, Details, Form, LinkList, Notice, SummaryList, Table } from '../../../ui/index.ts'
import type { Avis, Moyenne } from '../queries/avis.ts'
import { enNote } from './liste.page.tsx'

export interface DemarcheProps {
  readonly adresse: string
  readonly publique: string
  /** Where the texts of its documents and messages are written. */
  readonly textes: string
  readonly estOuverte: boolean
  readonly revision: number
  readonly estEnCours: boolean
  /** What the working copy changes, a sentence each. */
  readonly changements: readonly string[]
  /** The template it comes from, and what the collectivité made different. */
  readonly origine: { readonly nom: string; readonly version: number; readonly differences: readonly string[] } | undefined
  readonly aUneMiseAJour: boolean
  readonly partage: { readonly version: number; readonly utilisateurs: readonly { nom: string; version: number }[] } | undefined
  readonly revisions: readonly { readonly numero: number; readonly href: string; readonly le: string; readonly par: string }[]
  readonly avis: {
    readonly moyenne: Moyenne | undefined
    readonly derniers: readonly Avis[]
    readonly parNote: Readonly<Record<string, number>>
  }
  readonly jeton: string
  readonly cle: () => string
  readonly fait: string | undefined
  readonly erreur: string | undefined
}

/** All that can be done with a démarche, and where it stands. */
export function PageDeLaDemarche(props: DemarcheProps): VNode {
  const { adresse, publique, textes, estOuverte, revision, estEnCours, changements, aUneMiseAJour, fait, erreur } = props
  return (
    <>
      {erreur && (
        <Notice tone="danger" live>
          {erreur}
        </Notice>
      )}
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      {aUneMiseAJour && (
        <Notice title="Le modèle a une nouvelle version">
          <p>
            <a href={`${adresse}/mise-a-jour`}>Voir ce qui change et choisir</a>
          </p>
        </Notice>
      )}
      <SummaryList
        rows={[
          { cle: 'Pour les habitants', valeur: etat(props) },
          { cle: 'Version publiée', valeur: revision === 0 ? 'Aucune' : `Version ${revision}` },
          { cle: 'Changements à publier', valeur: estEnCours ? nombre(changements.length, 'changement') : 'Aucun' },
        ]}
      />
      <Actions>
        <ButtonLink href={`${adresse}/edition`}>{estEnCours ? 'Continuer les changements' : 'Modifier'}</ButtonLink>
        {estOuverte && (
          <ButtonLink href={publique} tone="secondary">
            Voir la page des habitants
          </ButtonLink>
        )}
        {revision > 0 && (
          <Geste {...props} vers={estOuverte ? 'fermeture' : 'ouverture'} mots={estOuverte ? 'Fermer' : 'Ouvrir aux habitants'} />
        )}
        {estEnCours && <Geste {...props} vers="abandon" mots="Abandonner les changements" />}
        {!estEnCours && revision === 0 && <Geste {...props} vers="abandon" mots="Supprimer" />}
      </Actions>
      {changements.length > 0 && (
        <Details titre={`Ce qui sera publié : ${nombre(changements.length, 'changement')}`}>
          <Phrases phrases={changements} />
        </Details>
      )}
      <Origine {...props} />
      <Satisfaction {...props} />
      <Partage {...props} />
      <h2>Échanger et pré-remplir</h2>
      <LinkList
        items={[
          {
            texte: 'Télécharger la définition',
            href: `${adresse}/definition.json`,
            description: 'Un fichier JSON, à importer ailleurs ou à garder.',
          },
          ...(revision > 0
            ? [
                {
                  texte: 'Écrire ses documents et ses messages',
                  href: textes,
                  description: 'Décisions, attestations et courriels, avec les réponses de la personne.',
                },
                {
                  texte: 'Préparer un lien pré-rempli',
                  href: `${adresse}/pre-remplissage`,
                  description: 'La personne vérifie et complète.',
                },
              ]
            : []),
        ]}
      />
      <Revisions {...props} />
    </>
  )
}

const etat = ({ estOuverte, revision, publique }: DemarcheProps) => {
  if (revision === 0) return 'Pas encore visible : publiez-la d’abord'
  return estOuverte ? <a href={publique}>Ouverte</a> : 'Fermée'
}

const nombre = (n: number, mot: string): string => `${n} ${mot}${n > 1 ? 's' : ''}`

function Geste({
  adresse,
  jeton,
  cle,
  vers,
  mots,
  tone = 'secondary',
}: DemarcheProps & { vers: string; mots: string; tone?: ButtonTone }): VNode {
  return (
    <Form action={`${adresse}/${vers}`} jeton={jeton} cle={cle()} label={mots}>
      <Button tone={tone}>{mots}</Button>
    </Form>
  )
}

function Phrases({ phrases }: { readonly phrases: readonly string[] }): VNode {
  return (
    <ul>
      {phrases.slice(0, 60).map(phrase => (
        <li key={phrase}>{phrase}</li>
      ))}
      {phrases.length > 60 && <li>{`Et ${phrases.length - 60} autres.`}</li>}
    </ul>
  )
}

function Origine({ origine }: DemarcheProps): VNode | null {
  if (!origine) return null
  return (
    <>
      <h2>Le modèle suivi</h2>
      <p>{`Modèle proposé par ${origine.nom}, version ${origine.version}.`}</p>
      {origine.differences.length === 0 ? (
        <p>Vous n’avez rien changé : votre démarche est le modèle.</p>
      ) : (
        <Details titre={`Ce qui est propre à votre collectivité : ${nombre(origine.differences.length, 'différence')}`}>
          <Phrases phrases={origine.differences} />
        </Details>
      )}
    </>
  )
}

function Satisfaction({ avis }: DemarcheProps): VNode {
  const { moyenne, derniers, parNote } = avis
  return (
    <>
      <h2 id="avis">Ce qu’en pensent les habitants</h2>
      {!moyenne ? (
        <p>Aucun avis pour l’instant. Une question est posée après l’envoi, une autre après la réponse.</p>
      ) : (
        <>
          <p>{`${enNote(moyenne)}. Les habitants voient cette moyenne à partir de 5 avis.`}</p>
          <SummaryList
            rows={['5', '4', '3', '2', '1']
              .filter(note => parNote[note])
              .map(note => ({ cle: `${note} sur 5`, valeur: nombre(parNote[note] ?? 0, 'réponse') }))}
          />
          {derniers.length > 0 && (
            <Details titre="Les dernières phrases">
              <ul>
                {derniers.map(({ note, phrase, moment, le }) => (
                  <li
                    key={`${le}${phrase}`}
                  >{`${note} sur 5, ${moment === 'depot' ? 'après l’envoi' : 'après la réponse'} : ${phrase}`}</li>
                ))}
              </ul>
            </Details>
          )}
        </>
      )}
    </>
  )
}

function Partage(props: DemarcheProps): VNode | null {
  const { partage, revision } = props
  if (revision === 0) return null
  return (
    <>
      <h2 id="partage">Proposer aux autres collectivités</h2>
      {!partage ? (
        <p>Les autres communes pourront l’ajouter depuis le catalogue, et garder leurs propres changements.</p>
      ) : (
        <>
          <p>{`Dans le catalogue, version ${partage.version}. ${nombre(partage.utilisateurs.length, 'collectivité')} l’utilise${partage.utilisateurs.length > 1 ? 'nt' : ''}.`}</p>
          {partage.utilisateurs.length > 0 && (
            <Details titre="Qui utilise quelle version">
              <ul>
                {partage.utilisateurs.map(({ nom, version }) => (
                  <li key={nom}>{`${nom} : version ${version}`}</li>
                ))}
              </ul>
            </Details>
          )}
        </>
      )}
      <Actions>
        <Geste {...props} vers="proposition" mots={partage ? 'Proposer la version publiée' : 'Mettre dans le catalogue'} />
        {partage && <Geste {...props} vers="retrait" mots="Retirer du catalogue" tone="quiet" />}
      </Actions>
    </>
  )
}

function Revisions({ revisions }: DemarcheProps): VNode | null {
  if (revisions.length === 0) return null
  return (
    <>
      <h2 id="revisions">Versions publiées</h2>
      <Table
        caption="Les versions publiées de la démarche"
        captionHidden
        rows={revisions}
        rowKey={({ numero }) => String(numero)}
        columns={[
          { titre: 'Version', cellule: ({ numero, href }) => <a href={href}>{`Version ${numero}`}</a> },
          { titre: 'Publiée le', cellule: ({ le }) => le },
          { titre: 'Par', cellule: ({ par }) => par },
        ]}
      />
    </>
  )
}
