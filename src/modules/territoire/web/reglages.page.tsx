import type { VNode } from 'preact'
import { accentsOf, contrast } from '../../../ui/colour.ts'
import {
  Actions,
  Button,
  Checkbox,
  ErrorSummary,
  type FieldError,
  Fieldset,
  FileInput,
  Form,
  Notice,
  Textarea,
  TextInput,
} from '../../../ui/index.ts'
import type { SaisieReglages } from './reglages.form.ts'

export interface PageReglagesProps {
  readonly action: string
  /** Where other programs are let in. */
  readonly logiciels: string
  /** The register of processing, and what is erased. */
  readonly registre: string
  readonly effacements: string
  readonly jeton: string
  readonly cle: string
  readonly saisie: SaisieReglages
  readonly errors: readonly FieldError[]
  readonly estEnregistre: boolean
  /** What residents do not see, in words. */
  readonly inconnus: readonly string[]
  /** The colour of the pages today, six hexadecimal figures. */
  readonly couleur: string
  /** The logo of today, WebP in base64. */
  readonly logo: string | undefined
}

/** The settings of a collectivité: on top, what residents lack. */
export function PageReglages({
  action,
  logiciels,
  registre,
  effacements,
  jeton,
  cle,
  saisie,
  errors,
  estEnregistre,
  inconnus,
  couleur,
  logo,
}: PageReglagesProps): VNode {
  const error = (champ: string) => errors.find(e => e.champ === champ)?.message
  return (
    <>
      <ErrorSummary errors={errors} />
      {estEnregistre && (
        <Notice tone="succes" live title="Réglages enregistrés">
          Les pages publiques les montrent déjà.
        </Notice>
      )}
      <Manques inconnus={inconnus} />
      <p>
        <a href={logiciels}>Brancher un autre logiciel : jetons et webhooks</a>
      </p>
      <p>
        Données personnelles : <a href={registre}>registre des traitements</a>, <a href={effacements}>effacement des dossiers</a>
      </p>
      <p class="hint">Mentions légales : le nom de l’hébergeur est à compléter par le service qui exploite Parvis.</p>
      <Form action={action} jeton={jeton} cle={cle} multipart>
        <Fieldset legend="Coordonnées">
          <p class="hint">Toutes les réponses sont facultatives. Ce qui est vide n’est pas montré aux habitants.</p>
          <Textarea
            name="adresse"
            label="Adresse"
            hint="Le numéro et la rue, sans la ville."
            rows={2}
            value={saisie.adresse}
            error={error('adresse')}
          />
          <TextInput
            name="codePostal"
            label="Code postal"
            inputmode="numeric"
            width={8}
            value={saisie.codePostal}
            error={error('codePostal')}
          />
          <TextInput name="ville" label="Ville" value={saisie.ville} error={error('ville')} />
          <TextInput
            name="telephone"
            label="Téléphone"
            type="tel"
            width={20}
            hint="Par exemple : 02 61 91 00 12."
            value={saisie.telephone}
            error={error('telephone')}
          />
          <TextInput
            name="courriel"
            label="Adresse électronique"
            type="email"
            spellcheck={false}
            value={saisie.courriel}
            error={error('courriel')}
          />
          <TextInput name="site" label="Site internet" type="url" spellcheck={false} value={saisie.site} error={error('site')} />
        </Fieldset>
        <Textarea
          name="horaires"
          label="Horaires d’ouverture"
          hint="Une période par ligne, les jours d’abord. Par exemple : « Lundi au vendredi : 9 h – 12 h, 14 h – 17 h »."
          rows={5}
          value={saisie.horaires}
          error={error('horaires')}
        />
        <Fieldset legend="Apparence">
          <TextInput
            name="couleur"
            label="Couleur de la collectivité"
            hint="Six chiffres ou lettres de A à F, par exemple 2C5F4F. Vide : la couleur de Parvis."
            width={10}
            prefix="#"
            spellcheck={false}
            value={saisie.couleur}
            error={error('couleur')}
          />
          <ApercuCouleur couleur={couleur} />
          {logo && (
            <>
              <p>
                <img src={`data:image/webp;base64,${logo}`} alt="Logo actuel" height="48" />
              </p>
              <Checkbox name="retirerLogo" label="Retirer ce logo" />
            </>
          )}
          <FileInput
            name="logo"
            label={logo ? 'Remplacer le logo' : 'Logo ou blason'}
            formats="PNG, JPEG ou WebP"
            maximum="1 Mo"
            accept="image/png,image/jpeg,image/webp"
            error={error('logo')}
          />
        </Fieldset>
        <Actions>
          <Button>Enregistrer</Button>
        </Actions>
      </Form>
    </>
  )
}

function Manques({ inconnus }: { inconnus: readonly string[] }): VNode | null {
  if (inconnus.length === 0) return null
  return (
    <Notice tone="attention" title="Ce que les habitants ne voient pas encore">
      <ul>
        {inconnus.map(what => (
          <li key={what}>{what}</li>
        ))}
      </ul>
    </Notice>
  )
}

/** The colour chosen, the one really used, and why they differ: a text on it must be read by everybody (WCAG 2.2, 1.4.3). */
function ApercuCouleur({ couleur }: { couleur: string }): VNode {
  const chosen = `#${couleur}`
  const { accent, onAccent } = accentsOf(chosen).light
  const ratio = contrast(accent, onAccent).toLocaleString('fr-FR', { maximumFractionDigits: 1 })
  const isAdjusted = accent.toLowerCase() !== chosen.toLowerCase()
  return (
    <div>
      <svg width="240" height="48" role="img" aria-label={`Texte blanc sur la couleur ${accent}`}>
        <rect width="240" height="48" rx="6" fill={accent} />
        <text x="120" y="30" fill={onAccent} text-anchor="middle" font-size="17">
          Votre bouton
        </text>
      </svg>
      <p class="hint">
        {`Contraste du texte blanc sur ce fond : ${ratio} pour 1 (4,5 au moins).`}
        {isAdjusted &&
          ` La couleur #${couleur.toUpperCase()} est trop claire pour être lue. Les pages emploient ${accent.toUpperCase()}, plus foncée.`}
      </p>
    </div>
  )
}
