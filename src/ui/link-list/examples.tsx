import type { Example } from '../types.ts'
import { CardList, LinkGroups, LinkList } from './link-list.tsx'

const items = [
  { texte: 'Demander un acte d’état civil', href: '#acte', description: 'Naissance, mariage ou décès. Gratuit.' },
  {
    texte: 'Inscrire un enfant au restaurant scolaire',
    href: '#restaurant',
    description: 'Pour la prochaine rentrée, ou en cours d’année.',
  },
  { texte: 'Occuper le domaine public', href: '#domaine', description: 'Déménagement, échafaudage, benne, terrasse.' },
]

export const examples: Example[] = [
  { nom: 'Liste', description: 'Des liens, avec une phrase si besoin.', rendu: <LinkList items={items} /> },
  { nom: 'Cartes', description: 'Un choix entre peu de sujets ; toute la carte se presse.', rendu: <CardList items={items} /> },
  {
    nom: 'Groupes',
    description: 'Les démarches par événement de vie.',
    rendu: (
      <LinkGroups
        groups={[
          { titre: 'Je déménage', items: [{ texte: 'Réserver un stationnement', href: '#stationnement' }] },
          {
            titre: 'J’ai un enfant',
            items: [
              { texte: 'Demander un acte de naissance', href: '#naissance' },
              { texte: 'Inscrire au restaurant scolaire', href: '#restauration' },
            ],
          },
        ]}
      />
    ),
  },
]
