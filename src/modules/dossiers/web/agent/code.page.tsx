import type { VNode } from 'preact'
import {
  Actions,
  Button,
  ButtonLink,
  ErrorSummary,
  type FieldError,
  Form,
  Notice,
  PrintButton,
  Receipt,
  SummaryList,
  Textarea,
} from '../../../../ui/index.ts'

export interface RenouvellementDuCodeProps {
  readonly action: string
  readonly retour: string
  readonly jeton: string
  readonly cle: string
  readonly version: number
  readonly personne: string
  readonly reference: string
  /** The address at which the person will be told, when messages arrive there. */
  readonly previent: string | undefined
  readonly saisie: string
  readonly erreurs: readonly FieldError[]
}

/** What giving another code does, said before it is done. */
export function RenouvellementDuCode(props: RenouvellementDuCodeProps): VNode {
  const { action, retour, jeton, cle, version, personne, reference, previent, saisie, erreurs } = props
  return (
    <>
      <ErrorSummary errors={erreurs} />
      <p>{`${personne} ouvre ce dossier avec sa référence, ${reference}, et un code personnel. Ce code ne se retrouve pas : donnez-en un nouveau à qui l’a perdu.`}</p>
      <ul>
        <li>L’ancien code n’ouvrira plus le dossier, et les pages déjà ouvertes avec lui se fermeront.</li>
        <li>Une personne connectée qui garde ce dossier dans « mes dossiers » continuera de l’ouvrir.</li>
        <li>
          {previent
            ? `Un message sans code partira à ${previent}, pour prévenir la personne.`
            : 'Aucun message ne partira : ce dossier n’a pas d’adresse électronique qui reçoit les messages.'}
        </li>
        <li>Le nouveau code s’affichera à la page suivante, pour vous uniquement et pendant dix minutes.</li>
      </ul>
      <Form action={action} jeton={jeton} cle={cle} obligatoires>
        <input type="hidden" name="version" value={version} />
        <Textarea
          name="verification"
          label="Comment avez-vous vérifié l’identité de la personne ?"
          hint="La personne lira ces mots dans son suivi. Par exemple : carte d’identité montrée au guichet. N’écrivez pas le numéro d’une pièce."
          value={saisie}
          rows={2}
          maximum={500}
          error={erreurs.find(({ champ }) => champ === 'verification')?.message}
        />
        <Actions>
          <Button>Donner un nouveau code</Button>
          <a href={retour}>Annuler</a>
        </Actions>
      </Form>
    </>
  )
}

export interface FicheDuCodeProps {
  readonly commune: string
  /** « la mairie ». */
  readonly mairie: string
  readonly demarche: string
  readonly reference: string
  readonly code: string
  /** Where the two codes are typed. */
  readonly suivi: string
  readonly telephone: string | null
  readonly retour: string
}

/** The two codes as the person takes them away: printed, or written down while they are read out. */
export function FicheDuCode({ commune, mairie, demarche, reference, code, suivi, telephone, retour }: FicheDuCodeProps): VNode {
  return (
    <>
      <Notice tone="succes" live>
        Le nouveau code est donné. Lisez-le à la personne, ou imprimez cette page : elle s’ouvre pour vous uniquement, pendant dix minutes.
      </Notice>
      <Receipt titre={commune} reference={reference} code={code}>
        <SummaryList
          rows={[
            { cle: 'Demande', valeur: demarche },
            { cle: 'Pour la suivre', valeur: suivi },
            ...(telephone ? [{ cle: `Appeler ${mairie}`, valeur: telephone }] : []),
          ]}
        />
        <p>{`La référence et le code ouvrent votre dossier. Gardez-les, et ne donnez le code qu’à ${mairie}. L’ancien code n’ouvre plus rien.`}</p>
      </Receipt>
      <Actions>
        <PrintButton />
        <ButtonLink href={retour} tone="secondary">
          Revenir au dossier
        </ButtonLink>
      </Actions>
    </>
  )
}
