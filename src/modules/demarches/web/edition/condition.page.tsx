import type { VNode } from 'preact'
import { Radios } from '../../../../ui/index.ts'
import type { Formulaire } from '../../../formulaires/index.ts'
import type { LigneDeCondition, Sujet } from '../../edition/index.ts'
import { comparaisonsCourantes, type EtatDeCondition, sujetDe } from './condition.ts'

export interface ConditionProps {
  readonly prefixe: string
  readonly label: string
  /** The words of « always » and « only if »; without the first, there is always a condition. */
  readonly toujours?: string | undefined
  readonly si: string
  readonly etat: EtatDeCondition
  readonly sujets: readonly Sujet[]
  readonly formulaire: Formulaire
  readonly erreur: { readonly champ: string; readonly message: string } | undefined
}

/** A condition as lines: a question, a comparison, a value. The last line is empty: filled in, it is one more. */
export function Condition({ prefixe, label, toujours, si, etat, sujets, formulaire, erreur }: ConditionProps): VNode {
  const { mode, jonction, lignes, nouvelle, phrase } = etat
  const errorOf = (name: string) => (erreur?.champ === name ? erreur.message : undefined)
  const options = [
    ...(toujours ? [{ value: 'toujours', label: toujours }] : []),
    ...(phrase ? [{ value: 'garder', label: 'Laisser la condition telle qu’elle est', hint: `Si ${phrase}.` }] : []),
    { value: 'si', label: phrase ? 'La remplacer par :' : si },
  ]
  return (
    <>
      {options.length > 1 ? (
        <Radios name={`${prefixe}-mode`} label={label} value={mode} options={options} />
      ) : (
        <input type="hidden" name={`${prefixe}-mode`} value="si" />
      )}
      {lignes.map((ligne, rank) => (
        <Ligne
          key={`${rank}`}
          nom={`${prefixe}-${rank}`}
          ligne={ligne}
          formulaire={formulaire}
          erreur={errorOf(`${prefixe}-${rank}-valeur`)}
        />
      ))}
      <NouvelleLigne
        nom={`${prefixe}-n`}
        ligne={nouvelle}
        sujets={sujets}
        mots={lignes.length > 0 ? 'Une ligne de plus' : options.length > 1 ? si : label}
        erreur={errorOf(`${prefixe}-n-champ`) ?? errorOf(`${prefixe}-n-valeur`)}
      />
      {lignes.length > 0 && (
        <Radios
          name={`${prefixe}-jonction`}
          label="Avec plusieurs lignes, il faut"
          inline
          value={jonction}
          options={[
            { value: 'toutes', label: 'toutes les lignes' },
            { value: 'une', label: 'au moins une ligne' },
          ]}
        />
      )}
    </>
  )
}

interface LigneProps {
  readonly nom: string
  readonly ligne: LigneDeCondition
  readonly formulaire: Formulaire
  readonly erreur: string | undefined
}

function Ligne({ nom, ligne, formulaire, erreur }: LigneProps): VNode {
  const sujet = sujetDe(ligne.champ, formulaire)
  const about = sujet?.libelle ?? ligne.champ
  const isAlone = sujet?.comparaisons.find(({ id }) => id === ligne.comparaison)?.controle === 'aucun'
  // Yes or no: the comparison says it all.
  const isBare = sujet?.comparaisons.every(({ controle }) => controle === 'aucun')
  return (
    <div class={erreur ? 'clause field-error' : 'clause'}>
      <input type="hidden" name={`${nom}-champ`} value={ligne.champ} />
      <strong>{about}</strong>
      {erreur && <Erreur texte={erreur} />}
      <select name={`${nom}-comparaison`} aria-label={`Comparaison de « ${about} »`}>
        {sujet?.comparaisons.map(({ id, libelle }) => (
          <option key={id} value={id} selected={id === ligne.comparaison}>
            {libelle}
          </option>
        ))}
        <option value="">(retirer cette ligne)</option>
      </select>
      {isBare ? null : sujet?.codes && sujet.codes.size <= 50 ? (
        <select id={`${nom}-valeur`} name={`${nom}-valeur`} aria-label={`Valeur de « ${about} »`}>
          {isAlone && <option value="">–</option>}
          {[...sujet.codes].map(([code, name]) => (
            <option key={code} value={code} selected={code === ligne.valeur}>
              {name}
            </option>
          ))}
        </select>
      ) : (
        <input
          type="text"
          id={`${nom}-valeur`}
          name={`${nom}-valeur`}
          size={16}
          value={ligne.valeur}
          aria-label={`Valeur de « ${about} »`}
        />
      )}
    </div>
  )
}

interface NouvelleProps {
  readonly nom: string
  readonly ligne: LigneDeCondition
  readonly sujets: readonly Sujet[]
  readonly mots: string
  readonly erreur: string | undefined
}

function NouvelleLigne({ nom, ligne, sujets, mots, erreur }: NouvelleProps): VNode {
  if (sujets.length === 0) return <p class="hint">Aucune question n’est posée avant : rien ne peut encore servir de condition.</p>
  return (
    <div class={erreur ? 'clause field-error' : 'clause'}>
      <strong>{mots}</strong>
      {erreur && <Erreur texte={erreur} />}
      <select id={`${nom}-champ`} name={`${nom}-champ`} aria-label={`${mots} : la question`}>
        <option value="">Choisissez une question</option>
        {sujets.map(({ champ, libelle }) => (
          <option key={champ} value={champ} selected={champ === ligne.champ}>
            {libelle}
          </option>
        ))}
      </select>
      <select name={`${nom}-comparaison`} aria-label={`${mots} : la comparaison`}>
        {comparaisonsCourantes.map(({ id, libelle }) => (
          <option key={id} value={id} selected={id === ligne.comparaison}>
            {libelle}
          </option>
        ))}
      </select>
      <input type="text" id={`${nom}-valeur`} name={`${nom}-valeur`} size={16} value={ligne.valeur} aria-label={`${mots} : la valeur`} />
    </div>
  )
}

export const Erreur = ({ texte }: { texte: string }): VNode => (
  <p class="error">
    <span class="vh">Erreur : </span>
    {texte}
  </p>
)
