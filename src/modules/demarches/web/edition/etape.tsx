import type { VNode } from 'preact'
import type { Form } from '../../../../platform/http/form.ts'
import { type Answer, type Context, notFound, refused } from '../../../../platform/http/route.ts'
import type { Refusal } from '../../../../platform/refusal.ts'
import { Actions, Button, Details, Radios, Textarea, TextInput } from '../../../../ui/index.ts'
import { definitions, type Etape, type Formulaire } from '../../../formulaires/index.ts'
import type { Modele } from '../../demarche.ts'
import { repetitionParDefaut, type Sujet } from '../../edition/index.ts'
import { type Envoi, envoiDe, Formulaire as FormulaireDEdition, pageDEdition } from './cadre.tsx'
import { adresseDeLEdition, enregistrer, type Geste, lireLeChantier } from './chantier.ts'
import { Condition } from './condition.page.tsx'
import { type EtatDeCondition, etatDe, etatSaisi, lireCondition, sujetsPour } from './condition.ts'
import { enchainer } from './enchainer.ts'
import { ligneDe } from './saisie.ts'

/** GET …/edition/etapes/:etape: a page of the form. */
export const montrerEtape = (ctx: Context): Promise<Answer> => pageDeLEtape(ctx)

function pageDeLEtape(ctx: Context, refusal?: Refusal): Promise<Answer> {
  return lireLeChantier(ctx, async (tx, chantier) => {
    const { formulaire } = chantier.modele
    const etape = definitions.indexDe(formulaire).etapes.get(ctx.params.etape ?? '')
    if (!etape) return refused(notFound)
    const stored = etatDe(etape.visibleSi, formulaire)
    return pageDEdition(ctx, tx, chantier, {
      title: etape.titre,
      refusal,
      children: (
        <PageDeLEtape
          adresse={adresseDeLEdition(ctx)}
          etape={etape}
          formulaire={formulaire}
          envoi={envoiDe(ctx, chantier, refusal)}
          saisie={refusal ? ctx.form : undefined}
          condition={refusal ? etatSaisi(ctx.form, 'C', stored, formulaire) : stored}
          sujets={sujetsPour(formulaire, id => seLit(id, etape, formulaire))}
          erreur={refusal?.field ? { champ: refusal.field, message: refusal.sentence } : undefined}
        />
      ),
    })
  })
}

/** The condition of a page reads what is asked on the pages before it, rows apart. */
function seLit(id: string, etape: Etape, formulaire: Formulaire): boolean {
  const place = definitions.indexDe(formulaire).champs.get(id)
  if (!place || place.etape.repetition || place.etape === etape || (place.etape.reservee && !etape.reservee)) return false
  if (etape.reservee && !place.etape.reservee) return true
  return place.champ.type === 'calcul' || formulaire.etapes.indexOf(place.etape) < formulaire.etapes.indexOf(etape)
}

interface EtapeProps {
  readonly adresse: string
  readonly etape: Etape
  readonly formulaire: Formulaire
  readonly envoi: Envoi
  readonly saisie: Form | undefined
  readonly condition: EtatDeCondition
  readonly sujets: readonly Sujet[]
  readonly erreur: { readonly champ: string; readonly message: string } | undefined
}

function PageDeLEtape(props: EtapeProps): VNode {
  const { adresse, etape, formulaire, envoi, saisie, condition, sujets, erreur } = props
  const box = (nom: string, stored: string) => ({
    name: `E-${nom}`,
    value: saisie ? saisie.text(`E-${nom}`, 20_000) : stored,
    error: erreur?.champ === `E-${nom}` ? erreur.message : undefined,
  })
  return (
    <FormulaireDEdition action={`${adresse}/etapes/${etape.id}`} envoi={envoi}>
      <TextInput {...box('titre', etape.titre)} label="Titre de la page" />
      <Textarea {...box('intro', etape.intro ?? '')} label="Texte sous le titre" rows={3} maximum={800} optional />
      <Radios
        name="E-reservee"
        label="Qui remplit cette page"
        error={erreur?.champ === 'E-reservee' ? erreur.message : undefined}
        value={saisie ? saisie.line('E-reservee', 3) : etape.reservee ? 'oui' : 'non'}
        options={[
          { value: 'non', label: 'L’habitant' },
          { value: 'oui', label: 'Réservée aux agents', hint: 'Annotations, une fois la demande reçue. L’habitant ne les voit jamais.' },
        ]}
      />
      <Condition
        prefixe="C"
        label="Quand montrer cette page"
        toujours="Toujours"
        si="Seulement si"
        etat={condition}
        sujets={sujets}
        formulaire={formulaire}
        erreur={erreur}
      />
      <Repetition etape={etape} box={box} saisie={saisie} />
      <Actions>
        <Button>Enregistrer</Button>
        <a href={`${adresse}?etape=${etape.id}#etape-${etape.id}`}>Revenir au plan</a>
      </Actions>
    </FormulaireDEdition>
  )
}

interface RepetitionProps {
  readonly etape: Etape
  readonly box: (nom: string, stored: string) => { name: string; value: string; error: string | undefined }
  readonly saisie: Form | undefined
}

function Repetition({ etape, box, saisie }: RepetitionProps): VNode {
  const { min, max, nom, titreLigne } = etape.repetition ?? repetitionParDefaut
  return (
    <>
      <Radios
        name="E-repetee"
        label="Combien de fois la remplir"
        value={saisie ? saisie.line('E-repetee', 3) : etape.repetition ? 'oui' : 'non'}
        options={[
          { value: 'non', label: 'Une seule fois' },
          { value: 'oui', label: 'Plusieurs fois', hint: 'Une fois par enfant, par véhicule… Dites-en plus juste après.' },
        ]}
      />
      <Details titre="Comment elle se répète" open={etape.repetition !== undefined || saisie?.line('E-repetee', 3) === 'oui'}>
        <TextInput {...box('singulier', nom.singulier)} label="Une fois, on dit" hint="Par exemple : enfant." width={20} />
        <TextInput {...box('pluriel', nom.pluriel)} label="Plusieurs fois, on dit" hint="Par exemple : enfants." width={20} />
        <TextInput {...box('min', String(min))} label="Au moins" inputmode="numeric" width={4} />
        <TextInput {...box('max', String(max))} label="Au plus" inputmode="numeric" width={4} />
        <TextInput
          {...box('titreLigne', titreLigne)}
          label="Titre de chaque fois"
          hint={`Des mots, ou des réponses entre accolades : ${etape.champs
            .slice(0, 6)
            .map(({ id }) => `{${id}}`)
            .join(', ')}.`}
        />
      </Details>
    </>
  )
}

/** POST …/edition/etapes/:etape. */
export function changerLEtape(ctx: Context): Promise<Answer> {
  const id = ctx.params.etape ?? ''
  return enregistrer(
    ctx,
    (modele, reserves) => changer(modele, id, ctx.form, reserves),
    () => `${adresseDeLEdition(ctx)}/etapes/${id}`,
    refusal => pageDeLEtape(ctx, refusal),
  )
}

function changer(modele: Modele, id: string, form: Form, reserves: readonly string[]): ReturnType<Geste> {
  const etape = definitions.indexDe(modele.formulaire).etapes.get(id)
  if (!etape) return { ok: false, message: 'Cette page n’existe plus. Revenez au plan.' }
  const titre = ligneDe(form, 'E-titre')
  if (titre === '') return { ok: false, message: 'Donnez un titre à la page.', champ: 'E-titre' }
  const condition = lireCondition(form, 'C', etatDe(etape.visibleSi, modele.formulaire), modele.formulaire)
  if (!condition.ok) return condition
  const repetition = lireRepetition(form)
  if (repetition && 'message' in repetition) return { ok: false, ...repetition }
  const reservee = form.line('E-reservee', 3) === 'oui' ? true : null
  const wrong = reservee && refusDeReserve(modele, etape, repetition !== null)
  if (wrong) return { ok: false, message: wrong, champ: 'E-reservee' }
  const proprietes = { titre, intro: form.text('E-intro', 5000) || null, repetition, reservee }
  const visibleSi = condition.expression === undefined ? {} : { visibleSi: condition.expression }
  return enchainer(modele, [{ op: 'modifier', element: `etapes/${id}`, proprietes: { ...proprietes, ...visibleSi } }], reserves)
}

/** Why a page cannot be for agents alone; what else reads its answers is told with the other points to correct. */
function refusDeReserve({ formulaire }: Modele, etape: Etape, isRepeated: boolean): string | undefined {
  if (formulaire.etapes[0] === etape) return 'La première page est pour l’habitant.'
  return isRepeated ? 'Une page réservée aux agents se remplit une seule fois.' : undefined
}

function lireRepetition(form: Form): Etape['repetition'] | null | { readonly message: string; readonly champ: string } {
  if (form.line('E-repetee', 3) !== 'oui') return null
  const whole = (nom: string) => (/^\d{1,2}$/.test(form.line(nom, 5)) ? Number(form.line(nom, 5)) : -1)
  const [min, max] = [whole('E-min'), whole('E-max')]
  if (min < 0 || min > 30) return { message: 'Au moins : un nombre de 0 à 30.', champ: 'E-min' }
  if (max < 1 || max > 30 || max < min)
    return { message: 'Au plus : un nombre de 1 à 30, qui ne soit pas sous le minimum.', champ: 'E-max' }
  const nom = { singulier: ligneDe(form, 'E-singulier'), pluriel: ligneDe(form, 'E-pluriel') }
  for (const [name, value] of [...Object.entries(nom), ['titreLigne', ligneDe(form, 'E-titreLigne')]])
    if (!value) return { message: 'Ce texte est nécessaire pour une page répétée.', champ: `E-${name}` }
  return { min, max, nom, titreLigne: ligneDe(form, 'E-titreLigne') }
}
