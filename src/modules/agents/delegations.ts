export { delegataire, deleguer, ROLES_DELEGABLES, retirerDelegation } from './commands/deleguer.ts'
export { type Delegation, delegationsDe } from './queries/equipes.ts'
