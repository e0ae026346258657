import { agents } from './modules/agents/module.ts'
import { demarches } from './modules/demarches/module.ts'
import { dossiers } from './modules/dossiers/module.ts'
import { envois } from './modules/envois/module.ts'
import { portail } from './modules/portail/module.ts'
import { referentiels } from './modules/referentiels/module.ts'
import { territoire } from './modules/territoire/module.ts'
import type { Module } from './platform/module.ts'

/** Every module, in the order in which they are opened and in which a demonstration is filled. */
export const modules: readonly Module[] = [territoire, envois, agents, referentiels, demarches, portail, dossiers]
