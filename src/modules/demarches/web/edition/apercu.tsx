import type { VNode } from 'preact'
import type { Fields, Form as Formulaire } from '../../../../platform/http/form.ts'
import { type Answer, type Context, redirect } from '../../../../platform/http/route.ts'
import { Actions, Button, Form, Frame, StepIndicator } from '../../../../ui/index.ts'
import {
  ChampsDeLEtape,
  definitions,
  type Env,
  type Etape,
  ineligibility,
  type Ligne,
  parcours,
  type Reponses,
} from '../../../formulaires/index.ts'
import type { Modele } from '../../demarche.ts'
import { pageDEdition } from './cadre.tsx'
import { envDApercu } from './champ.tsx'
import { adresseDeLEdition, lireLeChantier } from './chantier.ts'

// Names of fields begin with a letter: these never meet one.
const ETAPE = '_etape'
const VUE = '_vue'
const LIGNE = 'apercu'

interface ApercuProps {
  readonly adresse: string
  readonly modele: Modele
  readonly etape: Etape
  readonly etapes: readonly Etape[]
  readonly reponses: Reponses
  readonly env: Env
  readonly saisie: Fields
  readonly isPhone: boolean
  readonly refus: readonly string[]
}

/**
 * GET …/edition/apercu: a page of the form as a resident sees it, at the width of a telephone or of a desk. What is typed goes along in the
 * address, conditions follow it, and nothing is kept.
 */
export const montrerApercu = (ctx: Context): Promise<Answer> =>
  lireLeChantier(ctx, (tx, chantier) => {
    const { modele } = chantier
    const env = envDApercu(ctx, modele)
    const reponses = lireEssai(modele, ctx.query, env)
    const etapes = parcours(modele.formulaire, reponses, env).map(({ etape }) => etape)
    const etape = etapes.find(({ id }) => id === ctx.query.line(ETAPE, 40)) ?? etapes[0]
    const adresse = adresseDeLEdition(ctx)
    if (!etape) return Promise.resolve(redirect(adresse))
    return pageDEdition(ctx, tx, chantier, {
      title: 'Aperçu',
      children: (
        <Apercu
          adresse={adresse}
          modele={modele}
          etape={etape}
          etapes={etapes}
          reponses={reponses}
          env={env}
          saisie={ctx.query.fields}
          isPhone={ctx.query.line(VUE, 10) !== 'bureau'}
          refus={ineligibility(modele.formulaire, reponses, env)}
        />
      ),
    })
  })

/** The answers typed in the preview, each read alone: what cannot be read is no answer. Rows have one line, files none. */
function lireEssai({ formulaire }: Modele, form: Formulaire, env: Env): Reponses {
  const champs: Record<string, definitions.Valeur> = {}
  const lignes: Record<string, Ligne[]> = {}
  const saisie = Object.fromEntries(Object.keys(form.fields).map(name => [name, form.all(name, 2000)]))
  const portee = { ...env, champ: () => null, lignes: () => [] }
  for (const etape of formulaire.etapes) {
    const values = etape.repetition ? {} : champs
    for (const champ of etape.champs) {
      const read = definitions.typeDe(champ).lire(champ, saisie, portee)
      if (read.ok && read.valeur !== null) values[champ.id] = read.valeur
    }
    if (etape.repetition) lignes[etape.id] = [{ id: LIGNE, champs: values }]
  }
  return { champs, lignes }
}

function Apercu({ adresse, modele, etape, etapes, reponses, env, saisie, isPhone, refus }: ApercuProps): VNode {
  const rank = etapes.indexOf(etape)
  const content = (
    <>
      <StepIndicator etape={rank + 1} total={etapes.length} />
      <h2>{etape.titre}</h2>
      {etape.intro && <p>{etape.intro}</p>}
      {refus.map(message => (
        <p key={message} class="error">
          {message}
        </p>
      ))}
      <ChampsDeLEtape
        formulaire={modele.formulaire}
        etape={etape}
        rowId={etape.repetition ? LIGNE : undefined}
        reponses={reponses}
        env={env}
        {...(etape.champs.some(({ id }) => Object.keys(saisie).some(name => name.split('-')[0] === id)) ? { saisie } : {})}
      />
    </>
  )
  const others = new Set(etapes.filter(one => one !== etape).flatMap(one => one.champs.map(({ id }) => id)))
  return (
    <>
      <p>Rien n’est enregistré. Répondez pour voir ce que les conditions montrent.</p>
      <Form action={`${adresse}/apercu`} method="get">
        {Object.entries(saisie)
          .filter(([name]) => others.has(name.split('-')[0] ?? ''))
          .flatMap(([name, value]) => (typeof value === 'string' ? [value] : value).map(one => [name, one] as const))
          .slice(0, 200)
          .map(([name, value], index) => (
            <input key={`${index}`} type="hidden" name={name} value={value} />
          ))}
        <input type="hidden" name={VUE} value={isPhone ? 'telephone' : 'bureau'} />
        <Frame phone={isPhone}>
          {content}
          <Actions>
            {rank < etapes.length - 1 ? (
              <Button name={ETAPE} value={etapes[rank + 1]?.id}>
                Continuer
              </Button>
            ) : (
              <Button name={ETAPE} value={etapes[0]?.id}>
                Revenir au début
              </Button>
            )}
          </Actions>
        </Frame>
        <Actions>
          {rank > 0 && (
            <Button tone="secondary" name={ETAPE} value={etapes[rank - 1]?.id}>
              Page précédente
            </Button>
          )}
          <Button tone="secondary" name={ETAPE} value={etape.id}>
            Appliquer mes réponses
          </Button>
          <a href={`${adresse}/apercu?${ETAPE}=${etape.id}&${VUE}=${isPhone ? 'bureau' : 'telephone'}`}>
            {isPhone ? 'Voir en largeur de bureau' : 'Voir en largeur de téléphone'}
          </a>
          <a href={`${adresse}?etape=${etape.id}#etape-${etape.id}`}>Modifier cette page</a>
        </Actions>
      </Form>
    </>
  )
}
