import type { VNode } from 'preact'
import { type Answer, type Context, notFound, refused } from '../../../../platform/http/route.ts'
import type { Refusal } from '../../../../platform/refusal.ts'
import { Actions, Button, ButtonLink, LinkList, Select, Textarea, TextInput } from '../../../../ui/index.ts'
import { definitions, type Expression } from '../../../formulaires/index.ts'
import type { Modele } from '../../demarche.ts'
import { type Envoi, envoiDe, Formulaire, pageDEdition } from './cadre.tsx'
import { adresseDeLEdition, enregistrer, type Geste, lireLeChantier } from './chantier.ts'
import { Condition } from './condition.page.tsx'
import { etatDe, etatSaisi, lireCondition, sujetsPour } from './condition.ts'
import { enchainer } from './enchainer.ts'

/** The two lists of rules: who cannot ask, and which service answers. `texte` is what each rule leads to. */
const listes = {
  refus: {
    nom: 'formulaire.refusSi',
    texte: 'explication',
    titre: 'Un cas où la demande n’est pas possible',
    condition: 'La demande n’est pas possible si',
    label: 'Ce que l’on dit alors à la personne',
    lire: ({ formulaire }: Modele) => formulaire.refusSi ?? [],
  },
  service: {
    nom: 'aiguillage',
    texte: 'service',
    titre: 'Un service selon les réponses',
    condition: 'La demande va à ce service si',
    label: 'Le service, comme le connaissent les habitants',
    lire: ({ aiguillage }: Modele) => aiguillage ?? [],
  },
} as const
type Liste = keyof typeof listes

interface Regle {
  readonly liste: Liste
  /** Undefined: a new one. */
  readonly rang: number | undefined
}

/** `refus-2`, `service-neuf`. */
function regleDe(ctx: Context, modele: Modele): Regle | undefined {
  const [, liste, rang] = /^(refus|service)-(\d{1,2}|neuf)$/.exec(ctx.params.regle ?? '') ?? []
  if (liste !== 'refus' && liste !== 'service') return undefined
  if (rang === 'neuf') return { liste, rang: undefined }
  return Number(rang) < listes[liste].lire(modele).length ? { liste, rang: Number(rang) } : undefined
}

const roles = {
  nom: 'Son nom',
  prenom: 'Son prénom',
  courriel: 'Son adresse électronique',
  telephone: 'Son téléphone',
  adresse: 'Son adresse',
} as const
const typesDesRoles = { nom: 'texte', prenom: 'texte', courriel: 'courriel', telephone: 'telephone', adresse: 'adresse' } as const
type Role = keyof typeof roles

/** GET …/edition/regles: who cannot ask, who answers, and which answers say who asks. */
export const montrerRegles = (ctx: Context): Promise<Answer> => pageDesRegles(ctx)

const pageDesRegles = (ctx: Context, refusal?: Refusal): Promise<Answer> =>
  lireLeChantier(ctx, (tx, chantier) =>
    pageDEdition(ctx, tx, chantier, {
      title: 'Refus et services',
      refusal,
      children: <PageDesRegles adresse={adresseDeLEdition(ctx)} modele={chantier.modele} envoi={envoiDe(ctx, chantier, refusal)} />,
    }),
  )

function PageDesRegles({ adresse, modele, envoi }: { adresse: string; modele: Modele; envoi: Envoi }): VNode {
  const champs = modele.formulaire.etapes.filter(({ repetition, reservee }) => !repetition && !reservee).flatMap(etape => etape.champs)
  return (
    <>
      <h2>Qui ne peut pas demander</h2>
      <p>Dit avant de commencer à remplir, et vérifié à l’envoi.</p>
      <Regles liste="refus" adresse={adresse} modele={modele} ajouter="Ajouter un cas de refus" />
      <h2>Qui répond</h2>
      <p>{`Par défaut : ${modele.service}. La première condition remplie désigne un autre service.`}</p>
      <Regles liste="service" adresse={adresse} modele={modele} ajouter="Ajouter un service" />
      <h2>Qui demande</h2>
      <p>Les réponses qui donnent l’identité de la personne, pour lui écrire et retrouver sa demande.</p>
      <Formulaire action={`${adresse}/regles`} envoi={envoi} label="Qui demande">
        {(Object.keys(roles) as Role[]).map(role => (
          <Select
            key={role}
            name={`D-${role}`}
            label={roles[role]}
            optional={role === 'telephone' || role === 'adresse'}
            vide="Aucune question"
            value={modele.demandeur[role]}
            options={champs
              .filter(({ type }) => type === typesDesRoles[role])
              .slice(0, 50)
              .map(({ id, libelle }) => ({ value: id, label: libelle }))}
          />
        ))}
        <Actions>
          <Button>Enregistrer</Button>
          <a href={adresse}>Revenir au plan</a>
        </Actions>
      </Formulaire>
    </>
  )
}

function Regles({ liste, adresse, modele, ajouter }: { liste: Liste; adresse: string; modele: Modele; ajouter: string }): VNode {
  const rules = listes[liste].lire(modele)
  return (
    <>
      <LinkList
        items={rules.map((rule, rank) => ({
          texte: `Si ${definitions.phrase(rule.expression, modele.formulaire)}`,
          href: `${adresse}/regles/${liste}-${rank}`,
          description: 'service' in rule ? rule.service : rule.explication,
        }))}
      />
      <Actions>
        <ButtonLink href={`${adresse}/regles/${liste}-neuf`} tone="secondary">
          {ajouter}
        </ButtonLink>
      </Actions>
    </>
  )
}

/** POST …/edition/regles: which answers say who asks. */
export const changerLeDemandeur = (ctx: Context): Promise<Answer> =>
  enregistrer(
    ctx,
    (modele, reserves) => {
      const chosen = (role: Role) => ctx.form.line(`D-${role}`, 40)
      for (const role of ['nom', 'prenom', 'courriel'] as const)
        if (chosen(role) === '') return { ok: false, message: `${roles[role]} : choisissez la question qui le donne.`, champ: `D-${role}` }
      const proprietes = Object.fromEntries((Object.keys(roles) as Role[]).map(role => [`demandeur.${role}`, chosen(role) || null]))
      return enchainer(modele, [{ op: 'modifier', element: '', proprietes }], reserves)
    },
    () => `${adresseDeLEdition(ctx)}/regles`,
    refusal => pageDesRegles(ctx, refusal),
  )

/** GET …/edition/regles/:regle: one rule, its condition and what it leads to. */
export const montrerRegle = (ctx: Context): Promise<Answer> => pageDeLaRegle(ctx)

const pageDeLaRegle = (ctx: Context, refusal?: Refusal): Promise<Answer> =>
  lireLeChantier(ctx, async (tx, chantier) => {
    const { modele } = chantier
    const regle = regleDe(ctx, modele)
    if (!regle) return refused(notFound)
    const words = listes[regle.liste]
    const { condition, texte } = contenuDe(modele, regle)
    const stored = etatDe(condition, modele.formulaire)
    const { champs } = definitions.indexDe(modele.formulaire)
    const adresse = adresseDeLEdition(ctx)
    const erreur = refusal?.field ? { champ: refusal.field, message: refusal.sentence } : undefined
    const field = { name: 'E-texte', label: words.label, value: refusal ? ctx.form.text('E-texte', 5000) : texte }
    const error = erreur?.champ === 'E-texte' ? erreur.message : undefined
    return pageDEdition(ctx, tx, chantier, {
      title: words.titre,
      refusal,
      children: (
        <Formulaire action={`${adresse}/regles/${ctx.params.regle}`} envoi={envoiDe(ctx, chantier, refusal)}>
          <Condition
            prefixe="C"
            label={words.condition}
            si={words.condition}
            etat={refusal ? etatSaisi(ctx.form, 'C', stored, modele.formulaire) : stored}
            sujets={sujetsPour(modele.formulaire, id => !champs.get(id)?.etape.repetition && !champs.get(id)?.etape.reservee)}
            formulaire={modele.formulaire}
            erreur={erreur}
          />
          {regle.liste === 'refus' ? <Textarea {...field} error={error} rows={3} maximum={600} /> : <TextInput {...field} error={error} />}
          <Actions>
            <Button>Enregistrer</Button>
            {regle.rang !== undefined && (
              <Button tone="secondary" name="retirer" value="oui">
                Supprimer cette règle
              </Button>
            )}
            <a href={`${adresse}/regles`}>Renoncer</a>
          </Actions>
        </Formulaire>
      ),
    })
  })

function contenuDe(modele: Modele, { liste, rang }: Regle): { condition: Expression | undefined; texte: string } {
  const rule = rang === undefined ? undefined : listes[liste].lire(modele)[rang]
  return { condition: rule?.expression, texte: rule ? ('service' in rule ? rule.service : rule.explication) : '' }
}

/** POST …/edition/regles/:regle. */
export const changerLaRegle = (ctx: Context): Promise<Answer> =>
  enregistrer(
    ctx,
    (modele, reserves) => changer(ctx, modele, reserves),
    () => `${adresseDeLEdition(ctx)}/regles`,
    refusal => pageDeLaRegle(ctx, refusal),
  )

function changer(ctx: Context, modele: Modele, reserves: readonly string[]): ReturnType<Geste> {
  const regle = regleDe(ctx, modele)
  if (!regle) return { ok: false, message: 'Cette règle n’existe plus. Revenez à la liste.' }
  const { nom, texte: propriete, lire, label } = listes[regle.liste]
  const before: readonly object[] = lire(modele)
  const save = (rules: readonly object[]) =>
    dansLaBoite(enchainer(modele, [{ op: 'modifier', element: '', proprietes: { [nom]: rules.length > 0 ? rules : null } }], reserves))
  if (ctx.form.line('retirer', 3) === 'oui') return save(before.filter((_, rank) => rank !== regle.rang))
  const { condition } = contenuDe(modele, regle)
  const read = lireCondition(ctx.form, 'C', etatDe(condition, modele.formulaire), modele.formulaire)
  if (!read.ok) return read
  const expression = read.expression === undefined ? condition : read.expression
  if (!expression) return { ok: false, message: 'Une règle a une condition : choisissez une question.', champ: 'C-n-champ' }
  const texte = ctx.form.text('E-texte', 5000)
  if (texte === '') return { ok: false, message: `${label} : écrivez-le.`, champ: 'E-texte' }
  const rule = { expression, [propriete]: texte }
  return save(regle.rang === undefined ? [...before, rule] : before.map((one, rank) => (rank === regle.rang ? rule : one)))
}

/** What the schema refuses of a rule is its text: its condition was read by its lines. */
const dansLaBoite = (fait: ReturnType<Geste>): ReturnType<Geste> => (fait.ok ? fait : { ...fait, champ: 'E-texte' })
