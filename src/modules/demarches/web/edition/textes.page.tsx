import type { VNode } from 'preact'
import { Actions, Button, Details, Radios, Select, Textarea, TextInput } from '../../../../ui/index.ts'
import type { Modele } from '../../demarche.ts'
import { type Envoi, Formulaire } from './cadre.tsx'
import { boiteDe, sections, type Texte, texteDe } from './textes.ts'

export interface TextesProps {
  readonly adresse: string
  readonly modele: Modele
  readonly envoi: Envoi
  readonly saisie: ((name: string) => string | undefined) | undefined
  readonly erreur: { readonly champ: string; readonly message: string } | undefined
}

/** Everything that the démarche says, in one form of three sections. */
export function PageDesTextes({ adresse, modele, envoi, saisie, erreur }: TextesProps): VNode {
  return (
    <Formulaire action={`${adresse}/textes`} envoi={envoi}>
      {sections.map(([titre, textes]) => (
        <section key={titre}>
          <h2>{titre}</h2>
          {textes.map(texte => (
            <ChampDeTexte
              key={texte.nom}
              texte={texte}
              value={saisie?.(boiteDe(texte.nom)) ?? texteDe(modele, texte)}
              error={erreur?.champ === boiteDe(texte.nom) ? erreur.message : undefined}
            />
          ))}
          {titre === 'Répondre' && <Inserables modele={modele} />}
        </section>
      ))}
      <Actions>
        <Button>Enregistrer</Button>
        <a href={adresse}>Revenir au plan</a>
      </Actions>
    </Formulaire>
  )
}

function ChampDeTexte({ texte, value, error }: { texte: Texte; value: string; error: string | undefined }): VNode {
  const { nom, libelle, aide, saisie, maximum, unite, choix = [], facultatif } = texte
  const field = { name: boiteDe(nom), label: libelle, hint: aide, error, optional: facultatif, value }
  if (saisie === 'choix' && choix.length > 7) return <Select {...field} vide={false} options={choix} />
  if (saisie === 'choix') return <Radios {...field} options={choix} />
  if (saisie === 'nombre') return <TextInput {...field} inputmode="numeric" width={5} suffix={unite} label={`${libelle} (${unite})`} />
  if (saisie === 'texte') return <Textarea {...field} rows={value.length > 300 ? 6 : 3} maximum={maximum} />
  if (saisie === 'lignes') return <Textarea {...field} rows={Math.min(10, Math.max(3, value.split('\n').length + 1))} />
  return <TextInput {...field} />
}

/** What may be put between braces in the texts of the decision: answers that do not repeat, and settings. */
function Inserables({ modele }: { modele: Modele }): VNode {
  const champs = modele.formulaire.etapes
    .filter(({ repetition, reservee }) => !repetition && !reservee)
    .flatMap(etape => etape.champs.filter(({ type }) => !['section', 'explication', 'piece'].includes(type)))
  const all = [...champs, ...(modele.formulaire.parametres ?? [])]
  return (
    <Details titre="Les réponses à insérer dans la décision">
      <p>Écrivez le nom entre accolades, tel quel : il sera remplacé par la réponse.</p>
      <ul>
        {all.slice(0, 60).map(({ id, libelle }) => (
          <li key={id}>{`{${id}} : ${libelle}`}</li>
        ))}
      </ul>
    </Details>
  )
}
