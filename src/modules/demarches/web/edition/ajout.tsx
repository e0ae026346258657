import type { VNode } from 'preact'
import type { Answer, Context } from '../../../../platform/http/route.ts'
import type { Refusal } from '../../../../platform/refusal.ts'
import { Actions, Button, TextInput, TypeChoices } from '../../../../ui/index.ts'
import type { Modele } from '../../demarche.ts'
import { type Operation, operer } from '../../edition/index.ts'
import { type Envoi, envoiDe, Formulaire, pageDEdition } from './cadre.tsx'
import { estUnType, groupesDeTypes } from './catalogue-des-types.ts'
import { adresseDeLEdition, enregistrer, lireLeChantier } from './chantier.ts'
import { ligneDe } from './saisie.ts'

interface AjoutProps {
  readonly adresse: string
  readonly envoi: Envoi
  /** The page where the question goes; none: a page is added. */
  readonly etape: string | undefined
  readonly apres: string
  readonly place: string
  readonly saisie: { readonly libelle: string; readonly type: string }
  readonly refusal: Refusal | undefined
}

/** GET …/edition/ajout?etape=&apres=: what to ask, and how people answer; `page=neuve` adds a page. */
export const montrerAjout = (ctx: Context): Promise<Answer> => pageDAjout(ctx)

function pageDAjout(ctx: Context, refusal?: Refusal): Promise<Answer> {
  const asked = refusal ? ctx.form : ctx.query
  return lireLeChantier(ctx, async (tx, chantier) => {
    const { modele } = chantier
    const etape = asked.line('page', 10) === 'neuve' ? undefined : etapeDe(modele, asked.line('etape', 40))
    const apres = etape?.champs.find(({ id }) => id === asked.line('apres', 40))
    return pageDEdition(ctx, tx, chantier, {
      title: etape ? 'Ajouter une question' : 'Ajouter une page',
      refusal,
      children: (
        <Ajout
          adresse={adresseDeLEdition(ctx)}
          envoi={envoiDe(ctx, chantier, refusal)}
          etape={etape?.id}
          apres={apres?.id ?? ''}
          place={apres ? `Après « ${apres.libelle} »` : `À la fin de la page « ${etape?.titre} »`}
          saisie={{ libelle: ligneDe(ctx.form, 'libelle'), type: ctx.form.line('type', 40) }}
          refusal={refusal}
        />
      ),
    })
  })
}

const etapeDe = ({ formulaire }: Modele, id: string) => formulaire.etapes.find(etape => etape.id === id) ?? formulaire.etapes.at(-1)

function Ajout({ adresse, envoi, etape, apres, place, saisie, refusal }: AjoutProps): VNode {
  const errorOf = (name: string) => (refusal?.field === name ? refusal.sentence : undefined)
  return (
    <Formulaire action={`${adresse}/ajout`} envoi={envoi}>
      {etape === undefined ? (
        <input type="hidden" name="page" value="neuve" />
      ) : (
        <>
          <p>{`${place}.`}</p>
          <input type="hidden" name="etape" value={etape} />
          <input type="hidden" name="apres" value={apres} />
        </>
      )}
      <TextInput
        name="libelle"
        label={etape === undefined ? 'Titre de la page' : 'La question, comme la liront les habitants'}
        hint={etape === undefined ? 'Par exemple : « Votre projet ».' : 'Par exemple : « Votre date de naissance ».'}
        value={saisie.libelle}
        error={errorOf('libelle')}
      />
      {etape !== undefined && (
        <TypeChoices
          name="type"
          label="Comment on y répond"
          value={saisie.type || 'texte'}
          groups={groupesDeTypes()}
          error={errorOf('type')}
        />
      )}
      <Actions>
        <Button>Ajouter</Button>
        <a href={etape === undefined ? adresse : `${adresse}?etape=${etape}`}>Renoncer</a>
      </Actions>
    </Formulaire>
  )
}

/** POST …/edition/ajout: the new question, then its page, where the rest is said. */
export function ajouter(ctx: Context): Promise<Answer> {
  const libelle = ligneDe(ctx.form, 'libelle')
  const isPage = ctx.form.line('page', 10) === 'neuve'
  const type = ctx.form.line('type', 40)
  return enregistrer(
    ctx,
    (modele, reserves) => {
      if (libelle === '') return { ok: false, message: isPage ? 'Donnez un titre à la page.' : 'Écrivez la question.', champ: 'libelle' }
      if (libelle.length > (isPage ? 120 : 200))
        return {
          ok: false,
          message: `${isPage ? 120 : 200} caractères au plus : raccourcissez, et mettez le reste dans l’aide.`,
          champ: 'libelle',
        }
      if (!isPage && !estUnType(type)) return { ok: false, message: 'Choisissez comment on y répond.', champ: 'type' }
      const apres = ctx.form.line('apres', 40)
      const place = apres === '' ? {} : { apres }
      const operation: Operation = isPage
        ? { op: 'ajouterEtape', titre: libelle }
        : { op: 'ajouterChamp', etape: ctx.form.line('etape', 40), type, libelle, ...place }
      return operer(modele, operation, reserves)
    },
    element => `${adresseDeLEdition(ctx)}/${element ?? ''}`,
    refusal => pageDAjout(ctx, refusal),
  )
}
