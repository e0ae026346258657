import type { VNode } from 'preact'
import { Cells, PaperField, PrintButton, RuledLines, SummaryList, TickBoxes } from '../../../../ui/index.ts'
import { definitions, type Etape, type Formulaire, reserve } from '../../../formulaires/index.ts'
import { appellation, type Collectivite, Contact } from '../../../territoire/index.ts'
import type { Modele } from '../../demarche.ts'

type Champ = definitions.Champ

export interface PapierProps {
  readonly modele: Modele
  readonly collectivite: Collectivite
  /** « version 3 », so that the counter knows which form was filled in; empty while it is being written. */
  readonly version: string
}

/** The paper form: boxes, ruled lines, conditions in words, annexes, and where to bring it. Nobody has to go online (CRPA L112-8). */
export function FormulairePapier({ modele, collectivite, version }: PapierProps): VNode {
  // What agents alone are asked is not on the paper of the person.
  const formulaire = reserve.partPublique(modele.formulaire)
  const annexes = formulaire.etapes.flatMap(({ champs }) => champs.filter(({ type }) => type === 'piece'))
  return (
    <>
      <p>{modele.resume}</p>
      <PrintButton>Imprimer ce formulaire</PrintButton>
      <SummaryList
        rows={[
          { cle: 'Pour qui', valeur: modele.pour },
          { cle: 'Coût', valeur: modele.cout },
          { cle: 'Service', valeur: modele.service },
          { cle: 'Formulaire', valeur: [modele.id, version].filter(Boolean).join(', ') },
        ]}
      />
      <PaperField label="Cadre réservé à la mairie" hint="Reçu le, et numéro de la demande.">
        <Cells groups={[2, 2, 4, 8]} />
      </PaperField>
      <p>{`Écrivez en majuscules, une lettre par case, à l’encre noire. Ce qui n’est pas marqué « facultatif » est nécessaire.`}</p>
      {formulaire.etapes.map((etape, rank) => (
        <EtapeSurPapier key={etape.id} etape={etape} rang={rank + 1} formulaire={formulaire} annexes={annexes} />
      ))}
      <h2>Votre signature</h2>
      <PaperField label="Je certifie que ces renseignements sont exacts." hint="Date, puis signature.">
        <Cells groups={[2, 2, 4]} />
        <RuledLines count={2} />
      </PaperField>
      {(modele.pieces.length > 0 || annexes.length > 0) && (
        <>
          <h2>Documents à joindre</h2>
          <TickBoxes options={annexes.length > 0 ? annexes.map(({ libelle }, rank) => `Annexe ${rank + 1} : ${libelle}`) : modele.pieces} />
          <p>Écrivez votre nom et le numéro de l’annexe sur chaque document. Gardez les originaux.</p>
        </>
      )}
      <h2>Où le remettre</h2>
      <p>{`Déposez ce formulaire à ${appellation(collectivite)}, ou envoyez-le par courrier : ${modele.service}.`}</p>
      <Contact collectivite={collectivite} titre="Coordonnées" />
      <p>{modele.silence.texte}</p>
      <p class="hint">{`Vos réponses servent à traiter cette demande. Elles sont gardées ${modele.conservationMois} mois après la décision, puis effacées. Vous pouvez les lire et les faire corriger.`}</p>
    </>
  )
}

interface EtapeProps {
  readonly etape: Etape
  readonly rang: number
  readonly formulaire: Formulaire
  readonly annexes: readonly Champ[]
}

function EtapeSurPapier({ etape, rang, formulaire, annexes }: EtapeProps): VNode {
  const { repetition, intro, visibleSi, champs } = etape
  const fields = champs.map(champ => <ChampSurPapier key={champ.id} champ={champ} formulaire={formulaire} annexes={annexes} />)
  return (
    <section>
      <h2>{`${rang}. ${etape.titre}`}</h2>
      {intro && <p>{intro}</p>}
      {visibleSi && <p class="hint">{`À remplir seulement si ${definitions.phrase(visibleSi, formulaire)}.`}</p>}
      {repetition ? (
        <>
          {[1, 2].slice(0, repetition.max).map(rank => (
            <div key={rank}>
              <h3>{`${majuscule(repetition.nom.singulier)} ${rank}`}</h3>
              {fields}
            </div>
          ))}
          {repetition.max > 2 && (
            <p class="hint">{`Pour d’autres ${repetition.nom.pluriel}, ajoutez une feuille avec les mêmes questions.`}</p>
          )}
        </>
      ) : (
        fields
      )}
    </section>
  )
}

const majuscule = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

interface ChampProps {
  readonly champ: Champ
  readonly formulaire: Formulaire
  readonly annexes: readonly Champ[]
}

function ChampSurPapier({ champ, formulaire, annexes }: ChampProps): VNode {
  if (champ.type === 'section') return <h3>{champ.libelle}</h3>
  const isOptional = !definitions.estObligatoire(champ) && champ.type !== 'calcul' && champ.type !== 'explication'
  const hint = [
    champ.visibleSi && `Seulement si ${definitions.phrase(champ.visibleSi, formulaire)}.`,
    champ.type === 'explication' ? undefined : champ.aide,
    consigne(champ, annexes),
  ]
  return (
    <PaperField label={`${champ.libelle}${isOptional ? ' (facultatif)' : ''}`} hint={hint.filter(Boolean).join(' ') || undefined}>
      <Reponse champ={champ} />
    </PaperField>
  )
}

/** What the box needs to have said, since nothing checks what is written on paper. */
function consigne(champ: Champ, annexes: readonly Champ[]): string | undefined {
  if (champ.type === 'calcul') return `Calculé par la mairie. ${champ.explication}`
  if (champ.type === 'piece') return `À joindre : annexe ${annexes.indexOf(champ) + 1}.`
  if (champ.type === 'choix_multiple') return 'Plusieurs réponses possibles.'
  if (champ.type === 'adresse') return 'Numéro et rue, complément, code postal et commune.'
  if (champ.type === 'commune') return 'Code postal, puis nom de la commune.'
  if (champ.type === 'montant') return 'Euros, puis centimes.'
  if (champ.type === 'date') return 'Jour, mois, année.'
  if (champ.type === 'date_heure') return 'Jour, mois, année, puis heure et minutes.'
  if (champ.type === 'attestation') return 'Cochez, puis écrivez votre prénom et votre nom.'
  return 'unite' in champ && champ.unite ? `En ${champ.unite}.` : undefined
}

/** Figures and letters of what has a fixed length, in groups as it is written. */
const cases: Partial<Record<Champ['type'], readonly number[]>> = {
  date: [2, 2, 4],
  date_heure: [2, 2, 4, 2, 2],
  entier: [6],
  decimal: [6, 2],
  montant: [6, 2],
  telephone: [2, 2, 2, 2, 2],
  code_postal: [5],
  departement: [3],
  iban: [4, 4, 4, 4, 4, 4, 3],
  siret: [3, 3, 3, 5],
  rna: [1, 9],
  nir: [1, 2, 2, 2, 3, 3, 2],
}

// Beyond twenty, boxes no longer fit on the page: the answers are numbered and the number is copied out.
const MAX_CASES = 20

function Reponse({ champ }: { champ: Champ }): VNode | null {
  const groups = cases[champ.type]
  if (groups) return <Cells groups={groups} />
  switch (champ.type) {
    case 'oui_non':
      return <TickBoxes options={['Oui', 'Non']} />
    case 'case':
      return <TickBoxes options={['J’accepte']} />
    case 'civilite':
      return <TickBoxes options={['Madame', 'Monsieur', 'Je ne souhaite pas répondre']} />
    case 'choix':
    case 'choix_multiple':
      return champ.options.length > MAX_CASES ? (
        <Codes libelles={champ.options.map(({ libelle }) => libelle)} count={champ.type === 'choix' ? 1 : 4} />
      ) : (
        <TickBoxes options={champ.options.map(({ libelle }) => libelle)} />
      )
    case 'choix_lies':
      return (
        <Codes
          libelles={champ.options.flatMap(({ libelle, options }) =>
            options.length === 0 ? [libelle] : options.map(one => `${libelle}, ${one.libelle}`),
          )}
          count={1}
        />
      )
    case 'texte_long':
      return <RuledLines count={Math.min(8, Math.max(4, Math.ceil((champ.longueurMax ?? 800) / 200)))} />
    case 'adresse':
      return <SurDesLignes groups={[5]} before={2} after={1} />
    case 'commune':
      return <SurDesLignes groups={[5]} before={0} after={1} />
    case 'lieu':
      return <RuledLines count={2} />
    case 'attestation':
      return (
        <>
          <TickBoxes options={['Je certifie']} />
          <RuledLines count={1} />
        </>
      )
    case 'explication':
      return <p>{champ.texte}</p>
    case 'piece':
    case 'calcul':
      return null
    default:
      return <RuledLines count={1} />
  }
}

const SurDesLignes = ({ groups, before, after }: { groups: readonly number[]; before: number; after: number }): VNode => (
  <>
    {before > 0 && <RuledLines count={before} />}
    <Cells groups={groups} />
    {after > 0 && <RuledLines count={after} />}
  </>
)

/** A list too long for boxes: numbered, to copy the number of the answer. */
function Codes({ libelles, count }: { libelles: readonly string[]; count: number }): VNode {
  return (
    <>
      <p class="hint">{`Recopiez le numéro de votre réponse. ${libelles.map((libelle, rank) => `${rank + 1} ${libelle}`).join(' ; ')}.`}</p>
      <Cells groups={Array.from({ length: count }, () => 2)} />
    </>
  )
}
