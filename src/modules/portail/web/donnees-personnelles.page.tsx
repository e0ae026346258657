import type { VNode } from 'preact'
import { type Demarche, traitement } from '../../demarches/index.ts'
import { appellation, type Collectivite } from '../../territoire/index.ts'
import { AvecContact } from './avec-contact.tsx'

export interface DonneesPersonnellesProps {
  readonly collectivite: Collectivite | undefined
  readonly demarches: readonly Demarche[]
}

/** What is kept, why, how long, who sees it and what each person may ask (RGPD, articles 13 and 15 to 21). */
export function DonneesPersonnelles({ collectivite, demarches }: DonneesPersonnellesProps): VNode {
  return (
    <AvecContact collectivite={collectivite}>
      <h2>Qui est responsable</h2>
      <p>
        {collectivite
          ? `${collectivite.nom} est responsable des données des demandes qui lui sont envoyées.`
          : 'Chaque commune est responsable des données des demandes qui lui sont envoyées.'}
      </p>
      <p>Ces données servent à traiter votre demande, et à rien d’autre. C’est une mission de service public (RGPD, article 6.1.e).</p>
      <h2>Ce qui est gardé</h2>
      <ul>
        <li>Vos réponses et vos documents. Les documents sont chiffrés sur le disque.</li>
        <li>Les messages échangés avec les agents, et la décision.</li>
        <li>Un journal de ce qui a été fait, et quand. Il ne contient ni vos réponses ni vos documents.</li>
      </ul>
      <h2>Combien de temps</h2>
      <ul>
        <li>Une demande non envoyée est effacée après trois mois sans activité. Vous êtes prévenu deux semaines avant.</li>
        <li>Une demande sans décision n’est jamais effacée. Une pièce d’identité l’est dès que la demande est décidée.</li>
        <li>Un accès à « mes dossiers » est effacé après deux ans sans visite.</li>
        {demarches.map(({ id, modele }) => (
          <li key={id}>{`« ${modele.titre} » : dossier gardé ${traitement.dureeEnMots(traitement.traitementDe(modele))}.`}</li>
        ))}
        {demarches.length === 0 && <li>Un dossier est gardé pendant la durée indiquée par la commune, pour chaque démarche.</li>}
        <li>La copie des messages envoyés est effacée après six mois.</li>
        <li>Le journal n’est jamais effacé : il sert de preuve. Les personnes y sont désignées par un numéro.</li>
      </ul>
      <h2>Qui y a accès</h2>
      <p>
        {`Seuls les agents autorisés ${collectivite ? `de ${collectivite.nom}` : 'de la collectivité concernée'} lisent votre dossier. Une autre collectivité ne le voit pas.`}
      </p>
      <h2>Cookies et mesure d’audience</h2>
      <p>Aucun outil ne suit votre visite. Aucune donnée n’est vendue ni donnée à un réseau publicitaire.</p>
      <p>Un seul cookie existe pour les habitants. Il est technique : il vous reconnaît pendant une demande, puis expire.</p>
      <h2>Vos droits</h2>
      <p>
        Dans chaque dossier, la page « Vos données » permet de les enregistrer et de les corriger. Le dossier dit aussi qui l’a consulté.
      </p>
      <p>Vous pouvez demander à lire vos données, à les corriger ou à en limiter l’usage. Vous pouvez aussi vous opposer à leur usage.</p>
      <p>Un effacement peut être refusé quand la loi oblige à garder un dossier. La réponse doit alors vous dire pourquoi.</p>
      {collectivite ? (
        <p>{`Écrivez à ${appellation(collectivite)}. La réponse doit arriver dans le mois.`}</p>
      ) : (
        <p>
          Écrivez à votre mairie. <a href="/">Trouver votre commune</a>
        </p>
      )}
      <p>
        Sans réponse, vous pouvez vous plaindre auprès de la <a href="https://www.cnil.fr/fr/plaintes">CNIL</a>, qui protège les données
        personnelles.
      </p>
    </AvecContact>
  )
}
