import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brotliCompressSync } from 'node:zlib'
import { renderFragment } from '../../../platform/html/render.ts'
import { conditions } from '../../demarches/index.ts'
import { modeles } from '../../demarches/livre.ts'
import type { definitions } from '../../formulaires/index.ts'
import { bornes } from '../gabarit.ts'
import { composerSpecimen } from '../specimen.ts'
import { PageDuModele } from './modele.page.tsx'
import { cibles, saisieDe } from './saisie.ts'

// EcoIndex A: 419 elements at most with three requests and 20 kB; the page around takes 55 of them.
const MOST = 419 - 55

const champs = Array.from(
  { length: 60 },
  (_, rank): definitions.Champ => ({ id: `q${rank}`, type: 'oui_non', libelle: `Question ${rank}` }),
)
const modele = { ...modeles[0]!, formulaire: { etapes: [{ id: 'seule', titre: 'Seule', champs }] } }
const contenu = {
  titre: 'Autorisation',
  blocs: Array.from({ length: bornes.blocsOfferts }, (_, rank) => ({
    type: 'paragraphe' as const,
    texte: `Un paragraphe de quelques mots, le ${rank}e.`,
  })),
}
const option = (rank: number) => ({ value: `q${rank}`, label: `Question ${rank}` })

const page = (ouvert: number | undefined, estVu: boolean) => {
  const saisie = { ...saisieDe(contenu), ouvert }
  return renderFragment(
    <PageDuModele
      adresse="/vire-normandie/agent/modeles/0192d3c5-0000-7000-8000-000000000000"
      jeton="jeton"
      cle={() => 'cle'}
      version={3}
      saisie={saisie}
      erreurs={[]}
      fait={undefined}
      etat={{ phrase: 'Version 3.', estRetire: false }}
      estMessage={false}
      phrases={[]}
      donnees={[
        Array.from({ length: 13 }, (_, rank) => option(rank)),
        Array.from({ length: 50 }, (_, rank) => option(rank)),
        Array.from({ length: 10 }, (_, rank) => option(rank)),
      ]}
      cibles={cibles(saisie, 'document.accepter')}
      signataires={[option(1), option(2), option(3)]}
      condition={{
        formulaire: modele.formulaire,
        sujets: conditions.sujetsPour(modele.formulaire, () => true),
        etat: conditions.etatDe(undefined, modele.formulaire),
      }}
      apercu={estVu ? composerSpecimen(contenu, 'document.accepter', modele) : undefined}
    />,
  )
}

for (const [nom, html] of [
  ['as it opens', page(undefined, false)],
  ['with a condition being built', page(3, false)],
  ['with its result', page(undefined, true)],
] as const)
  test(`a text of ${bornes.blocsOfferts} blocks for a démarche of 60 questions, ${nom}: EcoIndex A and 14 kB`, () => {
    const elements = html.match(/<[a-z]/g)?.length ?? 0
    assert.ok(elements <= MOST, `${elements} elements, ${MOST} at most`)
    assert.ok(brotliCompressSync(html).length < 5000, `${brotliCompressSync(html).length} bytes`)
  })
