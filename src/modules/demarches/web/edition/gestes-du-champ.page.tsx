import type { VNode } from 'preact'
import { Actions, Button, ButtonLink, Details, Select } from '../../../../ui/index.ts'
import { Formulaire } from './cadre.tsx'
import { groupesDeTypes } from './catalogue-des-types.ts'
import type { ChampProps } from './champ.page.tsx'
import { Geste } from './plan.page.tsx'
import { pertes } from './proprietes.ts'

/** What is done with a question as a whole: moved to another page, copied, deleted, given another type. */
export function AutresGestes({ adresse, champ, formulaire, etapeId, envoi }: ChampProps): VNode {
  const element = `champs/${champ.id}`
  const lost = pertes(champ)
  const types = groupesDeTypes().flatMap(({ types: listed }) => listed)
  return (
    <>
      <h2>Déplacer, copier, supprimer</h2>
      <Formulaire action={`${adresse}/gestes`} envoi={envoi} label="Déplacer, copier, supprimer">
        {formulaire.etapes.length > 1 && (
          <>
            <Select
              name="etape"
              label="Mettre à la fin d’une autre page"
              vide={false}
              value={etapeId}
              options={formulaire.etapes.map(({ id, titre }) => ({ value: id, label: titre }))}
            />
            <Button tone="secondary" name="geste" value={`placer:${element}`}>
              Déplacer
            </Button>
          </>
        )}
        <Actions>
          <ButtonLink href={`${adresse}/ajout?etape=${etapeId}&apres=${champ.id}`} tone="secondary">
            Ajouter une question après
          </ButtonLink>
          <Geste geste={`dupliquer:${element}`} mots="Dupliquer" sur={champ.libelle} />
          <Geste geste={`supprimer:${element}`} mots="Supprimer" sur={champ.libelle} />
        </Actions>
      </Formulaire>
      <Details titre="Changer de type">
        <Formulaire action={`${adresse}/gestes`} envoi={envoi} label="Changer de type">
          <Select
            name="type"
            label="Nouveau type"
            hint={`La question, l’aide et la condition restent.${lost.length > 0 ? ` Peuvent se perdre : ${lost.join(', ')}.` : ''}`}
            vide={false}
            value={champ.type}
            options={types.map(({ nom, libelle }) => ({ value: nom, label: libelle }))}
          />
          <Button tone="secondary" name="geste" value={`type:${element}`}>
            Changer le type
          </Button>
        </Formulaire>
      </Details>
    </>
  )
}
