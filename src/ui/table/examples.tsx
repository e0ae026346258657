import { Tag, type Tone } from '../tag/tag.tsx'
import type { Example } from '../types.ts'
import { Table } from './table.tsx'

interface Row {
  reference: string
  demarche: string
  etat: string
  tone: Tone
  age: number
}

const rows: Row[] = [
  { reference: 'AC34-9KTR', demarche: 'Acte d’état civil', etat: 'En instruction', tone: 'info', age: 2 },
  { reference: 'GH7M-4WXY', demarche: 'Inscription au restaurant scolaire', etat: 'À corriger', tone: 'attention', age: 6 },
  { reference: 'PQ6T-JND3', demarche: 'Occupation du domaine public', etat: 'Accepté', tone: 'succes', age: 11 },
]

const columns = [
  { titre: 'Référence', cellule: (row: Row) => <a href="#table">{row.reference}</a> },
  { titre: 'Démarche', cellule: (row: Row) => row.demarche },
  { titre: 'État', cellule: (row: Row) => <Tag tone={row.tone}>{row.etat}</Tag> },
  { titre: 'Âge en jours', nombre: true, cellule: (row: Row) => row.age },
]

export const examples: Example[] = [
  {
    nom: 'Quelques lignes',
    description: 'Sur un petit écran, chaque ligne devient un bloc.',
    rendu: <Table caption="Dossiers à traiter" columns={columns} rows={rows} rowKey={row => row.reference} />,
  },
  {
    nom: 'Une ligne, titre caché',
    description: 'Un intertitre dit déjà la même chose.',
    rendu: <Table caption="Dossiers acceptés" captionHidden columns={columns} rows={rows.slice(2)} />,
  },
]
