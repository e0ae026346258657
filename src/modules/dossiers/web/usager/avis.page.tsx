import type { VNode } from 'preact'
import { newSecret } from '../../../../platform/ids.ts'
import { Button, Form, Notice, Radios, Textarea } from '../../../../ui/index.ts'
import type { QuestionDAvis } from './question-d-avis.ts'

const QUESTIONS = {
  depot: 'Faire cette demande, c’était…',
  decision: 'La réponse de la mairie, c’était…',
} as const

// In words: the sign of a star is not in our font, and a voice would read it five times.
const NOTES = [
  { value: '5', label: '5 étoiles : très bien' },
  { value: '4', label: '4 étoiles : bien' },
  { value: '3', label: '3 étoiles : moyen' },
  { value: '2', label: '2 étoiles : pas bien' },
  { value: '1', label: '1 étoile : pas bien du tout' },
]

/** One question and a sentence, without a name. */
export function Avis({
  question,
  action,
  jeton,
}: {
  readonly question: QuestionDAvis | undefined
  readonly action: string
  readonly jeton: string
}): VNode | null {
  if (!question) return null
  const { moment, estDonne, avisUrl, refus } = question
  return (
    <section id="avis" aria-labelledby="avis-titre" class="no-print">
      <h2 id="avis-titre">Votre avis</h2>
      {estDonne ? (
        <Notice tone="succes">Merci, votre avis est enregistré.</Notice>
      ) : (
        <Form action={action} jeton={jeton} cle={newSecret()} label="Votre avis">
          <input type="hidden" name="moment" value={moment} />
          <Radios name="note" label={QUESTIONS[moment]} options={NOTES} error={refus?.message} />
          <Textarea
            name="phrase"
            label="Que pouvons-nous améliorer ?"
            hint="Une phrase suffit. Votre nom n’est pas joint : n’écrivez rien de personnel."
            optional
            maximum={1000}
            rows={3}
            value={refus?.phrase}
          />
          <Button tone="secondary">Envoyer mon avis</Button>
        </Form>
      )}
      {avisUrl && (
        <p>
          <a href={avisUrl}>Je donne mon avis sur le site national</a>
        </p>
      )}
    </section>
  )
}
