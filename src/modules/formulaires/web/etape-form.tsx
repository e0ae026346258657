import type { VNode } from 'preact'
import { Checkbox, Checkboxes, DateInput, FileInput, Notice, Radios, Textarea, TextInput } from '../../../ui/index.ts'
import type { Erreur } from '../accept-etape.ts'
import { type ChampAffiche, champsAffiches, saisieDe } from '../affichage.ts'
import type { Reponses } from '../answers.ts'
import type { Env } from '../expression.ts'
import { type Etape, estObligatoire, type Formulaire } from '../formulaire.ts'
import { formatNumber, many, raw, type Saisie } from '../saisie.ts'
import { civilites } from '../types/civilite.ts'
import { type Champ, type ChampDe, typeDe } from '../types/index.ts'
import { optionsDeRegion } from '../types/listes.ts'
import type { Piece } from '../types/piece.ts'
import { AdresseInput } from './adresse-input.tsx'
import { AttestationInput, ChoixLiesInput, DateHeureInput, Options } from './composes.tsx'
import type { Field } from './field.ts'
import { LieuInput } from './lieu-input.tsx'
import { Paragraphes } from './paragraphes.tsx'
import { RechercheInput } from './recherche-input.tsx'

export interface ChampsDeLEtapeProps {
  formulaire: Formulaire
  etape: Etape
  /** The row, for a repeated étape. */
  rowId?: string | undefined
  reponses: Reponses
  env: Env
  /** What was typed and refused: shown again as it is, instead of the stored answers. */
  saisie?: Saisie | undefined
  erreurs?: readonly Erreur[] | undefined
  /** Greatest size of a file, as it is read. Default « 20 Mo ». */
  maximumPiece?: string | undefined
  /** Where the answer of a field comes from when it was not typed: « votre demande K7M4-P9QX du 3 mars 2026 ». */
  provenance?: ((champ: string) => string | undefined) | undefined
  /** Where the button that removes a file posts to (its name is `retirer`, its value the id of the file). */
  retirerPiece?: string | undefined
  /** Where a script may look up the words being typed: `…/recherche`. Without it, they are looked up when the form is sent. */
  recherche?: string | undefined
}

/** The fields of one étape, or of one row of it: the inside of a form, without its button. */
export function ChampsDeLEtape(props: ChampsDeLEtapeProps): VNode {
  const { formulaire, etape, rowId, reponses, env, erreurs = [] } = props
  const saisie = props.saisie ?? saisieDe(formulaire, etape.id, reponses, rowId)
  return (
    <>
      {champsAffiches(formulaire, etape, reponses, env, rowId).map(affiche => (
        <ChampDeLEtape key={affiche.champ.id} affiche={affiche} saisie={saisie} erreurs={erreurs} props={props} />
      ))}
    </>
  )
}

interface ChampProps {
  affiche: ChampAffiche
  saisie: Saisie
  erreurs: readonly Erreur[]
  props: ChampsDeLEtapeProps
}

function ChampDeLEtape({ affiche, saisie, erreurs, props }: ChampProps): VNode | null {
  const { champ } = affiche
  const field = {
    name: champ.id,
    label: champ.libelle,
    hint: hintOf(affiche, affiche.valeur === null ? undefined : props.provenance?.(champ.id)),
    error: erreurs.find(erreur => erreur.champ === champ.id)?.message,
    optional: !estObligatoire(champ),
  }
  const { autocomplete } = champ
  const value = raw(saisie, champ.id)
  switch (champ.type) {
    case 'texte':
      return <TextInput {...field} value={value} autocomplete={autocomplete} width={champ.largeur} />
    case 'texte_long':
      return <Textarea {...field} value={value} autocomplete={autocomplete} maximum={champ.longueurMax ?? 2000} />
    case 'oui_non':
      return <Radios {...field} value={value} inline options={ouiNon} />
    case 'case':
      return <Checkbox {...field} optional={false} checked={value !== ''} />
    case 'choix':
      return <Options field={field} value={value} options={champ.options} autocomplete={autocomplete} />
    case 'choix_multiple':
      return <Checkboxes {...field} values={many(saisie, champ.id)} options={optionsOf(champ)} />
    case 'date':
      return <DateInput {...field} value={dateParts(saisie, champ.id)} birthday={autocomplete?.startsWith('bday') ?? false} />
    case 'entier':
    case 'decimal':
      return (
        <TextInput
          {...field}
          value={value}
          inputmode={champ.type === 'entier' ? 'numeric' : 'decimal'}
          width={champ.largeur ?? 8}
          suffix={champ.unite}
        />
      )
    case 'montant':
      return <TextInput {...field} value={value} inputmode="decimal" width={champ.largeur ?? 10} suffix="€" />
    case 'courriel':
      return <TextInput {...field} value={value} type="email" autocomplete={autocomplete} spellcheck={false} />
    case 'telephone':
      return <TextInput {...field} value={value} type="tel" autocomplete={autocomplete} width={champ.largeur ?? 20} />
    case 'code_postal':
      return <TextInput {...field} value={value} inputmode="numeric" autocomplete={autocomplete} width={champ.largeur ?? 5} />
    case 'adresse':
      return <AdresseInput champ={champ} saisie={saisie} erreurs={erreurs} hint={field.hint} />
    case 'piece':
      return <PieceInput champ={champ} field={field} pieces={(affiche.valeur ?? []) as readonly Piece[]} props={props} />
    case 'calcul':
      return <ValeurCalculee affiche={affiche} champ={champ} />
    case 'explication':
      // Shown before the page can tell whom it concerns: it says so itself.
      return (
        <>
          {affiche.seulementSi && <p class="hint">{`Si ${affiche.seulementSi} :`}</p>}
          <Paragraphes texte={champ.texte} />
        </>
      )
    case 'section':
      return <Section champ={champ} hint={field.hint} />
    case 'civilite':
      return <Radios {...field} value={value} options={civilites.map(({ id, libelle }) => ({ value: id, label: libelle }))} />
    case 'region':
      return <Options field={field} value={value} options={optionsDeRegion} autocomplete={autocomplete} />
    case 'iban':
    case 'siret':
    case 'rna':
    case 'nir':
      return (
        <TextInput
          {...field}
          value={value}
          width={champ.largeur ?? largeurs[champ.type]}
          autocomplete={autocomplete ?? 'off'}
          spellcheck={false}
        />
      )
    case 'date_heure':
      return <DateHeureInput champ={champ} field={field} saisie={saisie} erreurs={erreurs} />
    case 'choix_lies':
      return <ChoixLiesInput champ={champ} field={field} saisie={saisie} erreurs={erreurs} />
    case 'attestation':
      return <AttestationInput champ={champ} field={field} saisie={saisie} erreurs={erreurs} />
    case 'commune':
    case 'departement':
    case 'epci':
    case 'pays':
    case 'referentiel':
      return <RechercheInput champ={champ} field={field} saisie={saisie} erreurs={erreurs} recherche={props.recherche} />
    case 'lieu':
      return <LieuInput champ={champ} field={field} saisie={saisie} erreurs={erreurs} valeur={affiche.valeur} recherche={props.recherche} />
  }
}

const ouiNon = [
  { value: 'oui', label: 'Oui' },
  { value: 'non', label: 'Non' },
]

const optionsOf = (champ: ChampDe<'choix_multiple'>) =>
  champ.options.map(({ id, libelle, aide }) => ({ value: id, label: libelle, hint: aide }))

/** Characters of each identifier as it is written, spaces included. */
const largeurs = { iban: 34, siret: 18, rna: 10, nir: 21 } as const

function Section({ champ, hint }: { champ: ChampDe<'section'>; hint: string | undefined }): VNode {
  return (
    <>
      <h2 id={champ.id}>{champ.libelle}</h2>
      {hint && <p class="hint">{hint}</p>}
    </>
  )
}

const formats = { pdf: 'PDF', image: 'photo ou image (JPEG, PNG, HEIC)' } as const
const accept = { pdf: 'application/pdf,.pdf', image: 'image/*' } as const

function PieceInput({
  champ,
  field,
  pieces,
  props,
}: {
  champ: ChampDe<'piece'>
  field: Field
  pieces: readonly Piece[]
  props: ChampsDeLEtapeProps
}): VNode {
  const sortes = champ.sortes ?? (['pdf', 'image'] as const)
  return (
    <FileInput
      {...field}
      formats={sortes.map(sorte => formats[sorte]).join(' ou ')}
      accept={sortes.map(sorte => accept[sorte]).join(',')}
      maximum={props.maximumPiece ?? '20 Mo'}
      multiple={(champ.nombreMax ?? 1) > 1}
      existing={pieces.map(({ id, nom, tailleOctets }) => ({ id, nom, taille: taille(tailleOctets) }))}
      removeAction={props.retirerPiece}
    />
  )
}

/** A size of file as it is read: « 240 ko », « 1,2 Mo ». */
function taille(bytes: number): string {
  if (bytes < 1000) return `${bytes}\u00a0octets`
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)}\u00a0ko` : `${formatNumber(bytes / 1_000_000, 1)}\u00a0Mo`
}

function ValeurCalculee({ affiche, champ }: { affiche: ChampAffiche; champ: Champ & { type: 'calcul' } }): VNode | null {
  if (affiche.valeur === null) return null
  return (
    <Notice title={`${champ.libelle}\u00a0: ${typeDe(champ).formater(champ, affiche.valeur)}`}>
      <Paragraphes texte={champ.explication} />
    </Notice>
  )
}

function hintOf({ champ, seulementSi }: ChampAffiche, provenance: string | undefined): string | undefined {
  const example = champ.type === 'date' && !champ.aide ? 'Par exemple, 27 3 1985.' : undefined
  const condition = seulementSi === null ? undefined : `À remplir seulement si ${seulementSi}.`
  const origin = provenance && `Pré-rempli : ${provenance}. Vérifiez.`
  return [condition, champ.aide ?? example, origin].filter(Boolean).join(' ') || undefined
}

const dateParts = (saisie: Saisie, id: string) => ({
  jour: raw(saisie, `${id}-jour`),
  mois: raw(saisie, `${id}-mois`),
  annee: raw(saisie, `${id}-annee`),
})
