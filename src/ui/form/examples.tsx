import { Actions, Button } from '../button/button.tsx'
import { TextInput } from '../text-input/text-input.tsx'
import type { Example } from '../types.ts'
import { Form } from './form.tsx'

export const examples: Example[] = [
  {
    nom: 'Envoi',
    description: 'Le jeton et la clé sont cachés ; la clé permet de renvoyer sans double dépôt.',
    rendu: (
      <Form action="#form" jeton="jeton-exemple" cle="cle-exemple" obligatoires label="Exemple d’envoi">
        <TextInput name="prenom" label="Prénom" autocomplete="given-name" />
        <Actions>
          <Button>Continuer</Button>
          <Button tone="quiet" name="suite" value="plus-tard">
            Enregistrer et finir plus tard
          </Button>
        </Actions>
      </Form>
    ),
  },
]
