import type { Database } from '../../../platform/db/open.ts'
import { inTenant } from '../../../platform/db/open.ts'
import type { Module } from '../../../platform/module.ts'
import { type Donnees, donneesPlateforme } from '../../../platform/personal-data.ts'
import { toutesLesDemarches } from '../../demarches/index.ts'
import type { Collectivite } from '../../territoire/index.ts'
import { type Registre, registreDe } from '../registre.ts'

/** The tables of the platform and of every module, as they are classified. */
export const tablesDe = (modules: readonly Pick<Module, 'donnees'>[]): Donnees =>
  Object.assign({}, donneesPlateforme, ...modules.map(({ donnees }) => donnees ?? {})) as Donnees

/** The register of a collectivité, from its démarches published and the classification of the columns. */
export async function registreDeLaCollectivite(db: Database, collectivite: Collectivite, tables: Donnees): Promise<Registre> {
  const demarches = await inTenant(db, collectivite.id, tx => toutesLesDemarches(tx, collectivite.id))
  const { adresse, codePostal, ville, courriel, telephone } = collectivite.reglage
  const lieu = [codePostal, ville].filter(Boolean).join(' ')
  const contact = [adresse?.replaceAll('\n', ', '), lieu, courriel, telephone].filter((part): part is string => Boolean(part))
  return registreDe(
    { nom: collectivite.nom, contact },
    demarches.filter(({ revision }) => revision > 0),
    tables,
  )
}
