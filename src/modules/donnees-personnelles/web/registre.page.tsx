import type { VNode } from 'preact'
import { Details, LinkList, SummaryList } from '../../../ui/index.ts'
import { rubriques } from '../ecrire.ts'
import type { Registre } from '../registre.ts'

const Lignes = ({ lignes }: { lignes: readonly string[] }): VNode =>
  lignes.length === 1 ? (
    <>{lignes[0]}</>
  ) : (
    <ul>
      {lignes.map(ligne => (
        <li key={ligne}>{ligne}</li>
      ))}
    </ul>
  )

/** The list of processings, then one of them, whole. */
export function PageDuRegistre({ registre, href, choisi }: { registre: Registre; href: string; choisi: number }): VNode {
  const found = registre.traitements[choisi]
  return (
    <>
      <p>
        Ce registre est tenu par le programme, d’après les démarches publiées et ce que contient la base (RGPD, article 30). Gardez-le avec
        vos autres traitements.
      </p>
      <LinkList
        items={[
          { texte: 'Enregistrer le registre (HTML)', href: `${href}.html` },
          { texte: 'Enregistrer le registre (Markdown)', href: `${href}.md` },
          { texte: 'Enregistrer le registre (JSON)', href: `${href}.json` },
        ]}
      />
      {found && (
        <>
          <h2 id="traitement">{found.nom}</h2>
          <SummaryList rows={rubriques.map(([cle, key]) => ({ cle, valeur: <Lignes lignes={found[key]} /> }))} />
        </>
      )}
      <h2>Tous les traitements</h2>
      <ul>
        {registre.traitements.map(({ nom }, rank) => (
          <li key={nom}>{rank === choisi ? nom : <a href={`${href}?traitement=${rank + 1}#traitement`}>{nom}</a>}</li>
        ))}
      </ul>
      <Details titre="Mesures de sécurité">
        <Lignes lignes={registre.mesures} />
        <p>{registre.transferts}</p>
      </Details>
    </>
  )
}
