import type { VNode } from 'preact'
import type { Answer, Context } from '../../../../platform/http/route.ts'
import type { Refusal } from '../../../../platform/refusal.ts'
import { Actions, Button, Radios, Textarea, TextInput } from '../../../../ui/index.ts'
import type { Parametre } from '../../../formulaires/index.ts'
import { type Envoi, envoiDe, Formulaire, pageDEdition } from './cadre.tsx'
import { adresseDeLEdition, enregistrer, lireLeChantier } from './chantier.ts'
import { changerReglages, direReglage, sortesDeReglage } from './reglages.ts'

/** GET …/edition/reglages: prices, notices, scales. */
export const montrerReglages = (ctx: Context): Promise<Answer> => pageDesReglages(ctx)

const pageDesReglages = (ctx: Context, refusal?: Refusal): Promise<Answer> =>
  lireLeChantier(ctx, (tx, chantier) =>
    pageDEdition(ctx, tx, chantier, {
      title: 'Tarifs et réglages',
      refusal,
      children: (
        <PageDesReglages
          adresse={adresseDeLEdition(ctx)}
          parametres={chantier.modele.formulaire.parametres ?? []}
          envoi={envoiDe(ctx, chantier, refusal)}
          saisie={name => (refusal && ctx.form.has(name) ? ctx.form.text(name, 5000) : undefined)}
          erreur={refusal?.field ? { champ: refusal.field, message: refusal.sentence } : undefined}
        />
      ),
    }),
  )

/** POST …/edition/reglages. */
export const changerLesReglages = (ctx: Context): Promise<Answer> =>
  enregistrer(
    ctx,
    (modele, reserves) => changerReglages(modele, ctx.form, reserves),
    () => `${adresseDeLEdition(ctx)}/reglages`,
    refusal => pageDesReglages(ctx, refusal),
  )

interface ReglagesProps {
  readonly adresse: string
  readonly parametres: readonly Parametre[]
  readonly envoi: Envoi
  readonly saisie: (name: string) => string | undefined
  readonly erreur: { readonly champ: string; readonly message: string } | undefined
}

function PageDesReglages(props: ReglagesProps): VNode {
  const { adresse, parametres, envoi, saisie, erreur } = props
  const box = (name: string, stored: string) => ({
    name,
    value: saisie(name) ?? stored,
    error: erreur?.champ === name ? erreur.message : undefined,
  })
  return (
    <>
      {parametres.length === 0 ? (
        <p>Cette démarche n’a ni tarif ni réglage. Ajoutez-en un pour le faire entrer dans un calcul ou dans le texte de la décision.</p>
      ) : (
        <Formulaire action={`${adresse}/reglages`} envoi={envoi} label="Les réglages">
          {parametres.map(parametre => (
            <div key={parametre.id}>
              <Reglage parametre={parametre} field={box(`G-${parametre.id}`, direReglage(parametre))} />
            </div>
          ))}
          <Actions>
            <Button>Enregistrer</Button>
            <a href={adresse}>Revenir au plan</a>
          </Actions>
        </Formulaire>
      )}
      <h2 id="ajouter">Ajouter un réglage</h2>
      <Formulaire action={`${adresse}/reglages`} envoi={envoi} label="Ajouter un réglage">
        <TextInput {...box('N-libelle', '')} label="Son nom" hint="Par exemple : « Prix du repas »." />
        <Radios {...box('N-type', 'montant')} label="Sa sorte" options={sortesDeReglage} />
        <Textarea {...box('N-valeur', '')} label="Sa valeur" rows={2} />
        <Actions>
          <Button tone="secondary">Ajouter</Button>
        </Actions>
      </Formulaire>
      {parametres.length > 0 && (
        <>
          <h2>Supprimer un réglage</h2>
          <ul>
            {parametres.map(({ id, libelle }) => (
              <li key={id}>
                <a href={`${adresse}/suppression?element=parametres/${id}`}>{`Supprimer « ${libelle} »`}</a>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

type Box = { name: string; value: string; error: string | undefined }

function Reglage({ parametre, field }: { parametre: Parametre; field: Box }): VNode {
  const { libelle, aide, type } = parametre
  const props = { ...field, label: libelle, hint: aide }
  if (type === 'oui_non')
    return (
      <Radios
        {...props}
        inline
        options={[
          { value: 'oui', label: 'Oui' },
          { value: 'non', label: 'Non' },
        ]}
      />
    )
  if (type === 'bareme')
    return <Textarea {...props} hint={aide ?? 'Une tranche par ligne : « jusqu’à 450 : 3,20 », puis « au-delà : 5 ».'} rows={5} />
  if (type === 'texte') return <TextInput {...props} />
  const suffix = type === 'montant' ? '€' : parametre.unite
  const bounds = type === 'entier' ? ` De ${parametre.min} à ${parametre.max}.` : ''
  return <TextInput {...props} hint={`${aide ?? ''}${bounds}`.trim() || undefined} inputmode="decimal" width={10} suffix={suffix} />
}
