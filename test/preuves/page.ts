import type { Joue } from './jouer.ts'

/** Under what the machines were played. Nothing that names the machine or the person. */
export interface Conditions {
  /** The day, `2026-11-22`. */
  readonly date: string
  /** The commit, undefined outside a repository. */
  readonly commit: string | undefined
  /** Whether files differed from that commit. */
  readonly isModifie: boolean
  readonly isComplet: boolean
  readonly node: string
  readonly postgresql: string
  readonly systeme: string
  readonly coeurs: number
  readonly memoireGo: number
  /** How many processes wanted a core on average, the minute before. */
  readonly charge: number
}

/** Whether every machine passed and left its figures, or the reason why this machine cannot play it: what `npm run preuves` answers. */
export const isConcluant = (joues: readonly Joue[]): boolean =>
  joues.length > 0 && joues.every(joue => joue.fin === 'reussi' && (aDesChiffres(joue) || isDitNonJoue(joue)))

/** The page docs/preuves.md: what was played and found, what was not. It says « tenu » of a machine only when it passed with all its figures. */
export function pageDesPreuves(joues: readonly Joue[], conditions: Conditions): string {
  const all = [...entete(joues, conditions), ...bilan(joues), ...joues.flatMap(section), ...nonJoue(joues, conditions), ...limites]
  return `${all.join('\n')}\n`
}

/** What is said of a machine, in three words. */
export function verdict(joue: Joue): string {
  const { fin, preuve } = joue
  if (fin === 'absent') return '**non joué** : pas encore écrit'
  if (fin === 'long') return '**échec** : arrêté, trop long'
  if (fin === 'echec') return '**échec**'
  if (isDitNonJoue(joue)) return '**non joué**'
  if (!preuve || preuve.mesures.length === 0) return '**sans chiffres**'
  const missed = preuve.mesures.filter(({ tenue }) => !tenue).length
  if (missed > 0) return `**${missed} cible${missed > 1 ? 's' : ''} manquée${missed > 1 ? 's' : ''}**`
  return 'tenu'
}

function entete(joues: readonly Joue[], c: Conditions): string[] {
  const held = joues.filter(joue => verdict(joue) === 'tenu').length
  const said = c.isComplet
    ? 'en entier (`npm run preuves`)'
    : '**en mode rapide** (`npm run preuves -- --rapide`) : moins de coups que le mode complet'
  return [
    '# Preuves',
    '',
    'Chaque promesse de sûreté est une machine qui essaie de casser le programme. Cette page est écrite par `npm run preuves`, de ce que ces',
    'machines ont trouvé ; ne la modifiez pas à la main. Elle ne dit rien de plus que ce qui a été joué.',
    '',
    `**${held} sur ${joues.length}** ${joues.length > 1 ? 'machines tenues' : 'machine tenue'}, le ${jour(c.date)}, jouées ${said}.`,
    '',
    ...table(
      ['', ''],
      [
        [
          'version',
          `${c.commit ? `\`${c.commit.slice(0, 12)}\`` : 'hors d’un dépôt'}${c.isModifie ? ', avec des fichiers modifiés depuis' : ''}`,
        ],
        ['programme', `Node ${c.node}, PostgreSQL ${c.postgresql}`],
        [
          'machine',
          `${c.systeme}, ${c.coeurs} cœur${c.coeurs > 1 ? 's' : ''}, ${c.memoireGo} Go de mémoire ; charge au départ ${c.charge.toLocaleString('fr-FR', { maximumFractionDigits: 1 })}`,
        ],
      ],
    ),
    '',
  ]
}

const bilan = (joues: readonly Joue[]): string[] => [
  '## En un coup d’œil',
  '',
  ...table(
    ['machine', 'résultat', 'durée', 'essai'],
    joues.map(joue => [joue.preuve?.titre ?? joue.nom, verdict(joue), duree(joue), `\`${joue.fichier}\``]),
  ),
  '',
]

function section(joue: Joue): string[] {
  const { preuve, nom } = joue
  if (!preuve || (joue.fin === 'reussi' && !aDesChiffres(joue))) return []
  const mode = preuve.complet ? 'en entier' : 'en mode rapide'
  return [
    `## ${texte(preuve.titre)}`,
    '',
    `${verdict(joue)} – \`${nom}\`, ${mode}, ${duree(joue)}.`,
    // The figures of a machine that fell are what it knew before it fell.
    ...(joue.fin === 'reussi' ? [] : ['', 'L’essai n’est pas allé au bout : les chiffres qui suivent ne prouvent rien.']),
    '',
    ...table(
      ['mesure', 'trouvé', 'à atteindre', 'tenu'],
      preuve.mesures.map(({ nom, valeur, cible, tenue }) => [nom, valeur, cible, joue.fin === 'reussi' && tenue ? 'oui' : '**non**']),
    ),
    '',
    ...(preuve.nonJoue?.length ? ['Ce que cela ne prouve pas :', '', ...preuve.nonJoue.map(said => `- ${texte(said)}`), ''] : []),
  ]
}

function nonJoue(joues: readonly Joue[], { isComplet }: Conditions): string[] {
  const lines = joues.flatMap(joue => {
    const { nom, fin, preuve } = joue
    if (fin !== 'reussi') return [`- \`${nom}\` : ${fin === 'absent' ? 'son essai n’existe pas encore' : 'son essai a échoué'}.`]
    if (isDitNonJoue(joue)) return [`- \`${nom}\` : ${preuve!.nonJoue!.map(texte).join(' ')}`]
    if (!preuve || !aDesChiffres(joue)) return [`- \`${nom}\` : l’essai a réussi sans laisser de chiffres ; rien n’en est donc affirmé.`]
    return isComplet && !preuve.complet ? [`- \`${nom}\` : joué en mode rapide seulement, le temps donné étant passé.`] : []
  })
  const quick = isComplet ? [] : ['- Le mode complet de toutes les machines.']
  return [
    '## Ce qui n’a pas été joué',
    '',
    ...(lines.length + quick.length > 0 ? [...quick, ...lines] : ['Toutes les machines déclarées ont été jouées.']),
    '',
  ]
}

const limites: readonly string[] = [
  '## Les limites',
  '',
  '- Tout tourne sur une seule machine, avec le PostgreSQL embarqué : ni réseau lent entre la base et le programme, ni disque d’un autre.',
  '- Les tirages au sort changent à chaque fois : une machine tenue aujourd’hui peut trouver un défaut demain.',
  '- Une machine ne trouve que ce qu’elle cherche. Aucun audit par un tiers n’a été fait, ni aucun essai avec des personnes handicapées.',
  '- Les temps dépendent de la machine et de ce qu’elle fait d’autre ; ceux de [mesures](performance.md) sont pris à part.',
]

const aDesChiffres = ({ preuve }: Joue): boolean => (preuve?.mesures.length ?? 0) > 0

const isDitNonJoue = (joue: Joue): boolean => !aDesChiffres(joue) && (joue.preuve?.nonJoue?.length ?? 0) > 0

const jour = (date: string): string => new Date(`${date}T00:00:00Z`).toLocaleDateString('fr-FR', { dateStyle: 'long', timeZone: 'UTC' })

const duree = ({ dureeS }: Joue): string => (dureeS < 90 ? `${dureeS} s` : `${Math.round(dureeS / 60)} min`)

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  ligne(head),
  ligne(head.map(() => '---')),
  ...rows.map(row => ligne(row.map(texte))),
]

const ligne = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** A text of one line, which closes no cell and opens no tag. */
const texte = (said: string): string =>
  said
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .trim()
