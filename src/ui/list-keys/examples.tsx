import { Table } from '../table/table.tsx'
import type { Example } from '../types.ts'
import { ListKeys } from './list-keys.tsx'

const rows = ['Lou Exemple', 'Noa Fictif']

export const examples: Example[] = [
  {
    nom: 'Deux lignes',
    description: 'Avec le script, j et k vont d’une ligne à l’autre. Rien ne se passe pendant que l’on écrit.',
    rendu: (
      <ListKeys>
        <Table caption="Dossiers au clavier" rows={rows} columns={[{ titre: 'Demande', cellule: nom => <a href="#list-keys">{nom}</a> }]} />
      </ListKeys>
    ),
  },
]
