import type pg from 'pg'
import { routes } from '../../src/main.ts'
import type { App } from '../../src/platform/app.ts'
import { type Answer, page, type Route } from '../../src/platform/http/route.ts'

/** One control taken away, and the machine that must then turn red: its file, and the test of it that is enough to see it. */
export interface Sabotage {
  readonly fichier: string
  readonly essai: string
  /** Before the server is built: the registry, the platform. */
  avant?(app: App): void
  /** Once people and dossiers are there: the database, under the superuser. */
  apres?(admin: pg.Client): Promise<unknown>
}

const route = (method: string, path: string): Route =>
  routes.find(one => one.method === method && one.path === path && one.scope === 'collectivite')!
const change = (one: Route, more: Partial<Route>) => Object.assign(one, more)
/** Lets a route answer as it does, then changes what it says. */
const apres = (one: Route, work: (answer: Answer, ctx: Parameters<Route['handle']>[0]) => Answer | Promise<Answer>) => {
  const { handle } = one
  change(one, { handle: async ctx => work(await handle(ctx), ctx) })
}

/** By name; PARVIS_SABOTAGE gives the name to a world of the security tests, and to nothing else. */
export const SABOTAGES: Readonly<Record<string, Sabotage>> = {
  'sans politique de ligne': {
    fichier: 'test/security/locataires.test.ts',
    essai: 'statements',
    apres: admin => admin.query('alter table dossier disable row level security'),
  },
  'politique qui laisse tout lire': {
    fichier: 'test/security/locataires.test.ts',
    essai: 'statements',
    apres: admin => admin.query('create policy ouverte on message using (true)'),
  },
  'commune laissée sur la connexion': {
    fichier: 'test/security/locataires.test.ts',
    essai: 'comes back to the pool',
    apres: admin =>
      admin.query(
        "do $$ begin execute format('alter role parvis_application set parvis.personne = %L', (select id from usager limit 1)); end $$",
      ),
  },
  'page qui montre une autre commune': {
    fichier: 'test/security/locataires.test.ts',
    essai: 'no page, export',
    async apres(admin) {
      apres(route('GET', '/aide'), async () => page((await admin.query('select string_agg(texte, $1) as t from message', [' '])).rows[0].t))
    },
  },
  'droit changé dans le registre': {
    fichier: 'test/security/matrice.test.ts',
    essai: 'who may call',
    avant: () => change(route('GET', '/agent/dossiers/:id'), { access: { kind: 'agent', permission: 'journal.lire' } }),
  },
  'dossier ouvert à qui le demande': {
    fichier: 'test/security/matrice.test.ts',
    essai: 'the same 404',
    avant: () => apres(route('GET', '/dossiers/:id'), () => page('<p>Dossier</p>')),
  },
  'étranger dit autrement qu’inconnu': {
    fichier: 'test/security/etranger.test.ts',
    essai: 'foreign or unknown',
    async apres(admin) {
      apres(route('GET', '/agent/lots/:id'), async (answer, ctx) => {
        const { rows } = await admin.query('select 1 from lot where id = $1', [ctx.params.id])
        return 'refusal' in answer && rows.length > 0 ? { refusal: { ...answer.refusal, status: 410 } } : answer
      })
    },
  },
  'texte rendu sans échappement': {
    fichier: 'test/browser/injections.test.ts',
    essai: 'five hundred',
    avant: () =>
      apres(route('GET', '/agent/dossiers/:id'), answer =>
        'html' in answer ? { ...answer, html: answer.html.replaceAll('&lt;', '<').replaceAll('&quot;', '"') } : answer,
      ),
  },
  'accident sur une saisie': {
    fichier: 'test/security/grammaire.test.ts',
    essai: 'forms of our own',
    avant: () =>
      apres(route('POST', '/suivi'), answer => {
        if (answer) throw new Error('accident')
        return answer
      }),
  },
  'saisie rendue sans échappement': {
    fichier: 'test/security/entrees.test.ts',
    essai: 'in each field of a form',
    avant: () =>
      apres(route('POST', '/suivi'), (answer, ctx) =>
        'html' in answer ? { ...answer, html: answer.html + ctx.form.line('reference', 200) } : answer,
      ),
  },
  'jeton de formulaire jamais vérifié': {
    fichier: 'test/security/csrf.test.ts',
    essai: 'does not come from our own page',
    avant: app => Object.assign(app, { secrets: { ...app.secrets, isSigned: () => true } }),
  },
}
