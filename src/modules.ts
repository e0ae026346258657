import { agents } from './modules/agents/module.ts'
import { demarches } from './modules/demarches/module.ts'
import { documents } from './modules/documents/module.ts'
import { donneesPersonnelles } from './modules/donnees-personnelles/module.ts'
import { dossiers } from './modules/dossiers/module.ts'
import { envois } from './modules/envois/module.ts'
import { interfaces } from './modules/interfaces/module.ts'
import { portail } from './modules/portail/module.ts'
import { referentiels } from './modules/referentiels/module.ts'
import { territoire } from './modules/territoire/module.ts'
import type { Module } from './platform/module.ts'

const metier: readonly Module[] = [territoire, envois, agents, referentiels, demarches, documents, portail, dossiers, interfaces]

/** Every module, in the order in which they are opened and in which a demonstration is filled; the last one tells what the others keep. */
export const modules: readonly Module[] = [...metier, donneesPersonnelles(metier)]
