import type { VNode } from 'preact'
import { Table } from '../../../ui/index.ts'

export interface DocumentationProps {
  readonly adresse: string
  readonly operations: readonly {
    readonly id: string
    readonly titre: string
    readonly detail: string | undefined
    readonly appel: string
    readonly droit: string
    readonly donnees: readonly string[]
  }[]
  readonly codes: readonly { readonly code: string; readonly statut: number; readonly message: string }[]
  readonly evenements: readonly string[]
}

/** The API for who writes a program: what each address does, and what to know. */
export function Documentation({ adresse, operations, codes, evenements }: DocumentationProps): VNode {
  return (
    <>
      <p>
        Pour faire parler un autre logiciel avec nos démarches et nos dossiers. La description complète, que lisent les outils :{' '}
        <a href={`${adresse}/api/v1/openapi.json`}>document OpenAPI 3.1</a>.
      </p>
      <h2 id="jeton">Le jeton</h2>
      <p>
        Demandez-en un à la collectivité, avec les droits utiles. Il se donne à chaque appel, de serveur à serveur, jamais depuis une page
        web : <code>Authorization: Bearer parvis_…</code>
      </p>
      <h2 id="regles">Les règles</h2>
      <ul>
        <li>
          Les réponses sont en JSON. Un refus est <code>{'{"code": …, "message": …}'}</code> : le code ne change pas, le message est pour
          une personne.
        </li>
        <li>
          600 appels par minute et par jeton. Au-delà : 429, et <code>Retry-After</code>.
        </li>
        <li>
          Pour agir : <code>If-Match</code> porte la version lue du dossier, <code>Idempotency-Key</code> une clé que vous gardez pour
          renvoyer la même demande.
        </li>
        <li>Un dossier que le jeton ne voit pas répond 404, comme un dossier qui n’existe pas.</li>
        <li>Chaque lecture et chaque acte sont au journal de la collectivité.</li>
      </ul>
      <h2 id="adresses">Les adresses</h2>
      <Table
        caption="Les adresses de l’API"
        captionHidden
        rows={operations}
        rowKey={({ id }) => id}
        columns={[
          { titre: 'Appel', cellule: ({ appel }) => <code>{appel}</code> },
          {
            titre: 'Ce qu’il fait',
            cellule: ({ titre, detail }) => (
              <>
                <b>{titre}.</b> {detail}
              </>
            ),
          },
          { titre: 'Droit', cellule: ({ droit }) => droit },
          { titre: 'À donner', cellule: ({ donnees }) => (donnees.length > 0 ? donnees.join(', ') : '–') },
        ]}
      />
      <h2 id="webhooks">Être prévenu : les webhooks</h2>
      <p>
        La collectivité enregistre votre adresse. À chaque événement, elle reçoit un POST en JSON, dans l’ordre, au moins une fois :{' '}
        <code>livraison</code>, <code>evenement</code>, <code>collectivite</code>, <code>demarche</code>, <code>dossier</code> (
        <code>id</code>, <code>reference</code>), <code>sequence</code>, <code>le</code>. Rien sur la personne : lisez ensuite le dossier
        par l’API.
      </p>
      <ul>
        <li>Répondez 2xx en moins de dix secondes. Sinon, nous réessayons pendant un jour, puis l’abonnement est mis en pause.</li>
        <li>
          <code>Parvis-Livraison</code> est le même à chaque reprise : ignorez ce que vous avez déjà traité.
        </li>
        <li>
          <code>Parvis-Signature: t=…,v1=…</code> : HMAC-SHA256, en hexadécimal, de <code>t.corps</code> avec votre secret. Refusez un{' '}
          <code>t</code> de plus de cinq minutes. Pendant un changement de secret, il y a deux <code>v1</code> : un seul juste suffit.
        </li>
      </ul>
      <p>
        Événements : <code>{evenements.join(', ')}</code>.
      </p>
      <h2 id="refus">Les refus</h2>
      <Table
        caption="Les refus de l’API"
        captionHidden
        rows={codes}
        rowKey={({ code }) => code}
        columns={[
          { titre: 'Code', cellule: ({ code }) => <code>{code}</code> },
          { titre: 'Statut', cellule: ({ statut }) => statut, nombre: true },
          { titre: 'Sens', cellule: ({ message }) => message },
        ]}
      />
      <p>Les actes refusent aussi ce qu’ils refusent à un agent, avec leur propre code et leur phrase.</p>
    </>
  )
}
