import type { VNode } from 'preact'
import { ContactBlock, LinkList } from '../../../ui/index.ts'
import { appellation, type Collectivite } from '../collectivite.ts'
import { lireHoraires } from '../horaires.ts'

/** How to reach a collectivité: only what is known. When nothing is, a sentence that invents nothing. */
export function Contact({ collectivite, titre }: { collectivite: Collectivite; titre?: string }): VNode {
  const { adresse, codePostal, ville, telephone, courriel, horaires, site } = collectivite.reglage
  const heading = titre ?? (collectivite.nature === 'commune' ? 'La mairie' : 'Nous joindre')
  if (!adresse && !telephone && !courriel && !horaires) return <Inconnu collectivite={collectivite} titre={heading} />
  const town = [codePostal, ville].filter(Boolean).join(' ')
  return (
    <div>
      <ContactBlock
        id="contact"
        titre={heading}
        adresse={[...(adresse?.split('\n') ?? []), ...(town ? [town] : [])]}
        telephone={telephone ?? undefined}
        courriel={courriel ?? undefined}
        horaires={lireHoraires(horaires)}
      />
      {site && (
        <LinkList items={[{ texte: collectivite.nature === 'commune' ? 'Site internet de la commune' : 'Site internet', href: site }]} />
      )}
    </div>
  )
}

function Inconnu({ collectivite, titre }: { collectivite: Collectivite; titre: string }): VNode {
  return (
    <section class="contact" id="contact">
      <h2>{titre}</h2>
      <p>{`Les coordonnées de ${appellation(collectivite)} ne sont pas encore indiquées ici.`}</p>
      <p>
        <a href="https://lannuaire.service-public.fr/">Les chercher dans l’annuaire de l’administration</a>
      </p>
    </section>
  )
}
