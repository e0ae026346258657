import * as z from 'zod'
import { rechercher, resoudre } from '../recherche.ts'
import { one } from '../saisie.ts'
import { retaper } from './commune.ts'
import { aDesTextes, commun, garder, lirePropriete, nommer, texteAffiche, textes, typeDeChamp } from './type-de-champ.ts'

const schema = z.strictObject({
  type: z.literal('referentiel'),
  ...commun,
  /** Id of a list of the collectivité: the rows of its CSV, or the API it declared. */
  referentiel: z.string().regex(/^[a-z][a-z0-9_-]{0,59}$/, 'identifiant de référentiel : minuscules, chiffres, _ et -'),
  /** Columns kept in the answer and shown to the agent. Default: none but the label. */
  colonnes: z.array(texteAffiche(60)).max(20).optional(),
})

/** One entry of a list, as it was on the day of the answer. */
export interface ValeurReferentiel {
  readonly cle: string
  readonly libelle: string
  readonly valeurs: Readonly<Record<string, string>>
  readonly verifiee?: false
}

/** An entry of a list of the collectivité, found by its key or its words. */
export const referentiel = typeDeChamp<z.infer<typeof schema>, ValeurReferentiel>({
  nom: 'Liste de la collectivité',
  schema,
  nature: () => 'texte',
  est(valeur): valeur is ValeurReferentiel {
    if (!aDesTextes(valeur, ['cle', 'libelle'])) return false
    const valeurs: unknown = Reflect.get(valeur as object, 'valeurs')
    return typeof valeurs === 'object' && valeurs !== null && aDesTextes(valeurs, Object.keys(valeurs))
  },
  recherche: (champ, saisie) => rechercher('referentiel', one(saisie, champ.id), champ.referentiel),
  lire: (champ, saisie, portee) =>
    resoudre<ValeurReferentiel>(champ.id, one(saisie, champ.id), saisie, portee.trouvailles?.get(champ.id), {
      valeur: ({ cle, libelle, valeurs }) => ({ cle, libelle, valeurs: garder(valeurs, champ.colonnes ?? []) }),
      telQuel: { cle: '', libelle: one(saisie, champ.id), valeurs: {}, verifiee: false },
      nom: nommer(champ),
      rien: `Rien ne correspond. Vérifiez ${nommer(champ)}, ou écrivez seulement le début.`,
    }),
  manque: champ => `Indiquez ${nommer(champ)}.`,
  saisir: (champ, { libelle, cle }) => retaper(champ, libelle, cle),
  formater: (_, { libelle, valeurs, verifiee }) =>
    [
      verifiee === false ? `${libelle} (non vérifié)` : libelle,
      ...Object.entries(valeurs).map(([nom, valeur]) => `${nom}\u00a0: ${valeur}`),
    ].join('\n'),
  resultat: (_, { cle, libelle }) => cle || libelle,
  proprietes: champ => textes('cle', 'libelle', ...(champ.colonnes ?? [])),
  propriete: (_, valeur, nom) => lirePropriete(nom === 'cle' || nom === 'libelle' ? valeur : valeur.valeurs, nom),
})
