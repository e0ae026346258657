import type { Answer, Context } from '../../../../platform/http/route.ts'
import type { Refusal } from '../../../../platform/refusal.ts'
import { definitions } from '../../../formulaires/index.ts'
import { ecrireDefinition } from '../../definition.ts'
import type { Modele } from '../../demarche.ts'
import { editionsDe } from '../../queries/copie.ts'
import { adresseDeLaDemarche, cheminDe } from '../acces.ts'
import { envoiDe, pageDEdition } from './cadre.tsx'
import { adresseDeLEdition, type Chantier, lireLeChantier } from './chantier.ts'
import { controlesDe } from './controles.ts'
import { suivants } from './histoire.ts'
import { type PageDuPlan, PlanDuFormulaire } from './plan.page.tsx'

/** GET …/edition?etape=: the plan of the form, one page of it unfolded. */
export const montrerPlan = (ctx: Context): Promise<Answer> => pageDuPlan(ctx)

/** The plan again, with what could not be done. */
export const pageDuPlan = (ctx: Context, refusal?: Refusal, etape = ctx.query.line('etape', 40)): Promise<Answer> =>
  lireLeChantier(ctx, async (tx, chantier) => {
    const { offre, modele } = chantier
    const adresse = adresseDeLEdition(ctx)
    return pageDEdition(ctx, tx, chantier, {
      title: `Modifier : ${modele.titre}`,
      chemin: cheminDe(ctx, offre),
      refusal,
      wide: true,
      children: (
        <PlanDuFormulaire
          adresse={adresse}
          essai={`${adresseDeLaDemarche(ctx)}/essai`}
          publication={`${adresseDeLaDemarche(ctx)}/publication`}
          pages={pagesDe(modele, etape)}
          controles={controlesDe(modele)}
          {...suivants(await editionsDe(tx, ctx.tenant.id, offre.id))}
          aPublier={resteAPublier(chantier)}
          envoi={envoiDe(ctx, chantier)}
        />
      ),
    })
  })

/** Whether publishing would change something for residents or for the followed template. */
export const resteAPublier = ({ offre, modele, rang }: Chantier): boolean =>
  offre.revision === 0 || (rang > 0 && ecrireDefinition(modele).empreinte !== offre.definition)

function pagesDe({ formulaire }: Modele, asked: string): PageDuPlan[] {
  const open = formulaire.etapes.some(({ id }) => id === asked) ? asked : formulaire.etapes[0]?.id
  return formulaire.etapes.map(etape => ({
    id: etape.id,
    libelle: etape.titre,
    description: direEtape(etape, formulaire),
    estOuverte: etape.id === open,
    champs: etape.champs.map(champ => ({ id: champ.id, libelle: champ.libelle, description: direChamp(champ, formulaire) })),
  }))
}

const quand = (condition: Parameters<typeof definitions.phrase>[0] | undefined, formulaire: Modele['formulaire']): string =>
  condition ? ` Seulement si ${definitions.phrase(condition, formulaire)}.` : ''

function direEtape(etape: Modele['formulaire']['etapes'][number], formulaire: Modele['formulaire']): string {
  const count = etape.champs.length
  const repeated = etape.repetition ? ` Se répète : ${etape.repetition.nom.pluriel}, ${etape.repetition.max} au plus.` : ''
  const reserved = etape.reservee ? ' Réservée aux agents.' : ''
  return `${count} question${count > 1 ? 's' : ''}.${reserved}${repeated}${quand(etape.visibleSi, formulaire)}`
}

/** A question in one line: its type, whether it may stay empty, when it is asked. */
export function direChamp(champ: definitions.Champ, formulaire: Modele['formulaire']): string {
  const type = definitions.typeDe(champ)
  const optional = type.nature(champ) !== null && champ.obligatoire === false ? ', facultatif' : ''
  return `${type.nom}${optional}.${quand(champ.visibleSi, formulaire)}`
}
