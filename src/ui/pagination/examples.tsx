import type { Example } from '../types.ts'
import { Pagination } from './pagination.tsx'

const href = (page: number): string => `?page=${page}`

export const examples: Example[] = [
  {
    nom: 'Première page',
    description: '',
    rendu: <Pagination page={1} pages={9} href={href} total="212 dossiers" label="Pagination, première page" />,
  },
  { nom: 'Au milieu', description: '', rendu: <Pagination page={4} pages={9} href={href} label="Pagination, au milieu" /> },
  {
    nom: 'Dernière page',
    description: 'Avec une seule page, rien n’est montré.',
    rendu: <Pagination page={9} pages={9} href={href} label="Pagination, dernière page" />,
  },
]
