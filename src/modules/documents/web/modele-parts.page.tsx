import type { VNode } from 'preact'
import { Actions, Button, Fieldset, Notice, Select } from '../../../ui/index.ts'
import type { Compose } from '../composer.ts'
import type { PageDuModeleProps } from './modele.page.tsx'

/** A button that changes the page and writes nothing. */
export function Geste({
  adresse,
  geste,
  tone = 'quiet',
  label,
  children,
}: {
  adresse: string
  geste: string
  tone?: 'quiet' | 'secondary'
  label?: string
  children: string
}): VNode {
  return (
    <Button tone={tone} formaction={`${adresse}/essai`} name="geste" value={geste} label={label}>
      {children}
    </Button>
  )
}

/** What can be inserted, and where. */
export function Insertion({ adresse, donnees, cibles }: PageDuModeleProps): VNode {
  return (
    <Fieldset
      id="insertion"
      legend="Insérer une donnée du dossier"
      hint="La donnée s’écrit entre accolades à la fin du bloc choisi ; déplacez-la ensuite où vous voulez. Un bloc dont une donnée est vide n’est pas écrit."
    >
      {donnees.map((options, rank) => (
        <Select
          key={`${rank}`}
          name={`donnee${rank}`}
          label={rank === 0 ? 'Du dossier et de la collectivité' : rank === 1 ? 'Des réponses' : 'Des réponses (suite)'}
          options={options}
          vide="Aucune"
        />
      ))}
      <Select name="cible" label="Où" options={cibles} vide={false} value="b0" />
      <Actions>
        <Geste adresse={adresse} geste="inserer" tone="secondary">
          Insérer
        </Geste>
      </Actions>
    </Fieldset>
  )
}

/** How the text will look, and what is put around it. */
export function Apercu({ apercu, estMessage }: { apercu: Compose; estMessage: boolean }): VNode {
  return (
    <Notice tone="neutre" title={estMessage ? `Objet : ${apercu.sujet}` : 'Le document dira'}>
      <p>
        <strong>{apercu.titre}</strong>
      </p>
      {estMessage && <p>Bonjour [Nom de la personne],</p>}
      {apercu.blocs.map((bloc, rank) =>
        bloc.type === 'liste' ? (
          <ul key={`${rank}`}>
            {bloc.elements.map(element => (
              <li key={element}>{element}</li>
            ))}
          </ul>
        ) : (
          <p key={`${rank}`} class="plain">
            {bloc.type === 'titre' ? <strong>{bloc.texte}</strong> : bloc.texte}
          </p>
        ),
      )}
      <p class="hint">
        {estMessage
          ? 'Le programme ajoute toujours le lien à suivre, le nom et le téléphone de la collectivité, et à l’accusé de réception les mentions de la loi.'
          : 'Le programme ajoute toujours le motif, les voies de recours d’un refus, la signature et le QR code de vérification.'}
      </p>
    </Notice>
  )
}
