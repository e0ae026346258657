import type { VNode } from 'preact'
import { Actions, ButtonLink, Columns, Notice, SummaryList } from '../../../ui/index.ts'
import { type avis as avisDesHabitants, type Demarche, traitement } from '../../demarches/index.ts'
import { chiffres as periodes } from '../../dossiers/index.ts'
import { appellation, type Collectivite, Contact } from '../../territoire/index.ts'
import { Telephone } from './telephone.tsx'

/** The presentation of a démarche: all there is to know before beginning. */
export function PresentationDemarche({
  collectivite,
  demarche,
  avis,
  chiffres,
}: {
  collectivite: Collectivite
  demarche: Demarche
  /** What people think of it, once enough of them said. */
  avis: avisDesHabitants.Moyenne | undefined
  /** The last figures published, if any. */
  chiffres: periodes.PeriodePubliee | undefined
}): VNode {
  const { modele, estOuverte, id } = demarche
  const { base } = collectivite
  return (
    <Columns>
      <div>
        <p>{modele.resume}</p>
        {estOuverte ? (
          <Actions>
            <ButtonLink href={`${base}/demarches/${id}/commencer`}>Commencer</ButtonLink>
            <ButtonLink href={`${base}/suivi`} tone="secondary">
              Reprendre une demande commencée
            </ButtonLink>
          </Actions>
        ) : (
          <Notice tone="attention" title="Cette démarche n’est pas ouverte en ligne">
            <p>
              <Telephone qui={appellation(collectivite)} telephone={collectivite.reglage.telephone} />
            </p>
          </Notice>
        )}
        <h2>En bref</h2>
        <SummaryList
          rows={[
            { cle: 'Pour qui', valeur: modele.pour },
            { cle: 'Temps nécessaire', valeur: `${modele.dureeMinutes} minutes environ` },
            { cle: 'Coût', valeur: modele.cout },
            { cle: 'Réponse habituelle', valeur: delai(modele.delaiJours) },
            { cle: 'Qui répond', valeur: modele.service },
            ...(chiffres?.chiffres.delai ? [{ cle: 'Délai constaté', valeur: constate(chiffres) }] : []),
            ...(avis ? [{ cle: 'Avis des habitants', valeur: note(avis) }] : []),
          ]}
        />
        {modele.pieces.length > 0 && <Liste titre="À préparer" lignes={modele.pieces} />}
        <h2>Si personne ne répond</h2>
        <p>{modele.silence.texte}</p>
        <h2>Si vous n’êtes pas d’accord</h2>
        <p>{modele.recours}</p>
        <h2>Vos données</h2>
        <p>
          {`${finalites(modele)} ${duree(modele)} `}
          <a href={`${base}/donnees-personnelles`}>Vos droits sur ces données</a>
        </p>
        <p>
          <a href={`${base}/demarches/${id}/chiffres`}>Chiffres de cette démarche</a>
        </p>
        <Liste titre="Ce que dit la loi" lignes={modele.baseLegale.map(({ texte, reference }) => `${texte} : ${reference}.`)} />
      </div>
      <div>
        <SansInternet collectivite={collectivite} papier={demarche.revision > 0 ? `${base}/demarches/${id}/papier` : undefined} />
      </div>
    </Columns>
  )
}

const finalites = (modele: Demarche['modele']): string => {
  const { finalites: found, base } = traitement.traitementDe(modele)
  return `Vos réponses servent à : ${found.join(' ')} C’est ${base.mots} (RGPD, article ${base.article}).`
}

const duree = (modele: Demarche['modele']): string => `Dossier gardé ${traitement.dureeEnMots(traitement.traitementDe(modele))}.`

const constate = (publiee: periodes.PeriodePubliee): string => {
  const { mediane = 0 } = publiee.chiffres.delai ?? {}
  return `${periodes.periodeEnMots(publiee)}, une réponse sur deux en ${mediane === 0 ? 'moins d’un jour' : `${mediane}\u00a0jour${mediane > 1 ? 's' : ''} au plus`}`
}

const note = ({ moyenne, nombre }: avisDesHabitants.Moyenne): string =>
  `${moyenne.toLocaleString('fr-FR', { maximumFractionDigits: 1 })} sur 5 (${nombre} avis)`

const delai = (jours: number): string => (jours === 0 ? 'Le jour même' : jours === 1 ? 'Sous 1 jour' : `Sous ${jours} jours`)

function Liste({ titre, lignes }: { titre: string; lignes: readonly string[] }): VNode {
  return (
    <>
      <h2>{titre}</h2>
      <ul>
        {lignes.map(ligne => (
          <li key={ligne}>{ligne}</li>
        ))}
      </ul>
    </>
  )
}

/** Nobody has to go online: online service is a right (CRPA L112-8), and another way must stay (Conseil d’État, 3 June 2022, n° 452798). */
function SansInternet({ collectivite, papier }: { collectivite: Collectivite; papier: string | undefined }): VNode {
  return (
    <>
      <Contact collectivite={collectivite} titre="Sans internet" />
      <p>{`Vous pouvez faire cette demande par courrier, par téléphone ou sur place. Demandez conseil à ${appellation(collectivite)}.`}</p>
      {papier && (
        <p>
          <a href={papier}>Formulaire papier à imprimer</a>
        </p>
      )}
    </>
  )
}
