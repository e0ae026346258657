import type { VNode } from 'preact'
import { newSecret } from '../../../../platform/ids.ts'
import type { Refusal } from '../../../../platform/refusal.ts'
import { Actions, Button, Details, ErrorSummary, Form, LinkList, Notice, SummaryList, Textarea, TextInput } from '../../../../ui/index.ts'
import { traitement } from '../../../demarches/index.ts'
import { dates } from '../../../formulaires/index.ts'
import type { Coordonnee } from '../../commands/rectifier.ts'

/** Whether the person may have the dossier erased now, and why not. */
export type EffacementVu = 'possible' | 'examine' | 'decide' | 'en-cours'

export interface DonneesProps {
  readonly base: string
  readonly jeton: string
  /** « la mairie de Valnoir ». */
  readonly qui: string
  readonly declare: traitement.TraitementDeclare
  readonly fin: string | undefined
  readonly estGele: boolean
  readonly effacement: EffacementVu
  readonly coordonnees: readonly { readonly role: Coordonnee; readonly valeur: string }[]
  readonly peutEcrire: boolean
  readonly texte: string
  readonly refusal: Refusal | undefined
  readonly fait: string | undefined
}

const LIBELLES: Readonly<Record<Coordonnee, string>> = { courriel: 'Adresse électronique', telephone: 'Téléphone' }

/** What a dossier keeps of a person, and what they can ask of it. */
export function DonneesDuDossier(props: DonneesProps): VNode {
  const { base, declare, fin, fait, refusal, estGele } = props
  return (
    <>
      {refusal && <ErrorSummary errors={[{ champ: refusal.field ?? 'texte', message: refusal.sentence }]} />}
      {fait && (
        <Notice tone="succes" live>
          {fait}
        </Notice>
      )}
      <SummaryList
        rows={[
          { cle: 'À quoi elles servent', valeur: declare.finalites.join(' ') },
          { cle: 'Ce qui le permet', valeur: `${declare.base.mots} (RGPD, article ${declare.base.article})` },
          { cle: 'Combien de temps', valeur: traitement.dureeEnMots(declare) },
          ...(estGele
            ? [{ cle: 'Effacement', valeur: 'Suspendu par la mairie, qui en a noté le motif' }]
            : fin
              ? [{ cle: 'Gardé jusqu’au', valeur: dates.longDate(fin) }]
              : []),
        ]}
      />
      <h2>Les enregistrer</h2>
      <LinkList
        items={[
          {
            texte: 'Tout ce que contient ce dossier, à lire',
            href: `${base}/donnees.html`,
            description: 'Une page à garder sur votre appareil.',
          },
          { texte: 'La même chose pour un logiciel', href: `${base}/donnees.json`, description: 'Au format JSON.' },
        ]}
      />
      <Rectifier {...props} />
      <h2>Les effacer</h2>
      <Effacer {...props} />
    </>
  )
}

function Rectifier({ base, jeton, coordonnees, qui, texte, refusal, peutEcrire }: DonneesProps): VNode | null {
  if (!peutEcrire) return null
  const error = (champ: string) => (refusal?.field === champ ? refusal.sentence : undefined)
  return (
    <>
      <h2>Les corriger</h2>
      {coordonnees.length > 0 && (
        <Form action={`${base}/rectification`} jeton={jeton} cle={newSecret()} label="Vos coordonnées">
          {coordonnees.map(({ role, valeur }) => (
            <div key={role}>
              <TextInput
                name={role}
                label={LIBELLES[role]}
                type={role === 'courriel' ? 'email' : 'tel'}
                autocomplete={role === 'courriel' ? 'email' : 'tel'}
                value={valeur}
                error={error(role)}
              />
            </div>
          ))}
          <Actions>
            <Button tone="secondary">Corriger mes coordonnées</Button>
          </Actions>
        </Form>
      )}
      <Details titre="Corriger autre chose, ou demander plus" open={error('texte') !== undefined}>
        <Form action={`${base}/demandes`} jeton={jeton} cle={newSecret()} label="Écrire à la mairie">
          <Textarea
            name="texte"
            label="Votre demande"
            hint={`Dites ce qui est inexact, ou ce que vous voulez savoir. ${qui.charAt(0).toUpperCase()}${qui.slice(1)} doit répondre dans le mois.`}
            value={texte}
            rows={4}
            maximum={3900}
            error={error('texte')}
          />
          <Actions>
            <Button tone="secondary">Envoyer la demande</Button>
          </Actions>
        </Form>
      </Details>
    </>
  )
}

function Effacer({ effacement, base, jeton, qui, fin }: DonneesProps): VNode {
  if (effacement === 'en-cours') return <p>Ce dossier est déjà retiré. Il sera effacé deux semaines après son retrait.</p>
  if (effacement === 'examine')
    return (
      <p>
        {`Votre demande est examinée : ${qui} doit vous répondre et ne peut pas l’effacer avant (RGPD, article 17.3.b). Vous pouvez lui écrire que vous y renoncez.`}
      </p>
    )
  if (effacement === 'decide')
    return (
      <p>
        {`Ce dossier prouve ce qui a été décidé, pour vous comme pour ${qui}. Il est gardé${fin ? ` jusqu’au ${dates.longDate(fin)}` : ''}, puis retiré sans que vous le demandiez (RGPD, articles 17.3.b et 17.3.e).`}
      </p>
    )
  return (
    <>
      <p>
        Personne n’a encore commencé à l’examiner : vous pouvez retirer votre demande. Elle sera effacée deux semaines plus tard, et vous
        pouvez changer d’avis d’ici là.
      </p>
      <Form action={`${base}/retrait`} jeton={jeton} cle={newSecret()}>
        <Actions>
          <Button tone="secondary">Retirer ma demande</Button>
        </Actions>
      </Form>
    </>
  )
}
