import { examples as breadcrumb } from './breadcrumb/examples.tsx'
import { examples as button } from './button/examples.tsx'
import { examples as carte } from './carte/examples.tsx'
import { examples as checkboxes } from './checkboxes/examples.tsx'
import { examples as contactBlock } from './contact-block/examples.tsx'
import { examples as copyable } from './copyable/examples.tsx'
import { examples as dateInput } from './date-input/examples.tsx'
import { examples as details } from './details/examples.tsx'
import { examples as emptyState } from './empty-state/examples.tsx'
import { examples as errorSummary } from './error-summary/examples.tsx'
import { examples as fieldset } from './fieldset/examples.tsx'
import { examples as fileInput } from './file-input/examples.tsx'
import { examples as filters } from './filters/examples.tsx'
import { examples as form } from './form/examples.tsx'
import { examples as frame } from './frame/examples.tsx'
import { examples as keyFigures } from './key-figures/examples.tsx'
import { examples as linkList } from './link-list/examples.tsx'
import { examples as listKeys } from './list-keys/examples.tsx'
import { examples as messageThread } from './message-thread/examples.tsx'
import { examples as notice } from './notice/examples.tsx'
import { examples as pagination } from './pagination/examples.tsx'
import { examples as paper } from './paper/examples.tsx'
import { examples as plan } from './plan/examples.tsx'
import { examples as radios } from './radios/examples.tsx'
import { examples as receipt } from './receipt/examples.tsx'
import { examples as refreshed } from './refreshed/examples.tsx'
import { examples as searchBox } from './search-box/examples.tsx'
import { examples as select } from './select/examples.tsx'
import { examples as stepIndicator } from './step-indicator/examples.tsx'
import { examples as summaryList } from './summary-list/examples.tsx'
import { examples as table } from './table/examples.tsx'
import { examples as tag } from './tag/examples.tsx'
import { examples as textInput } from './text-input/examples.tsx'
import { examples as textarea } from './textarea/examples.tsx'
import { examples as timeline } from './timeline/examples.tsx'
import type { Example } from './types.ts'
import { examples as viewer } from './viewer/examples.tsx'

/** Every component with its examples, in the order of the page that shows them. `id` is the folder's name. */
export const gallery: readonly { id: string; titre: string; examples: readonly Example[] }[] = [
  { id: 'text-input', titre: 'Ligne de texte', examples: textInput },
  { id: 'textarea', titre: 'Texte long', examples: textarea },
  { id: 'radios', titre: 'Choix unique', examples: radios },
  { id: 'checkboxes', titre: 'Cases à cocher', examples: checkboxes },
  { id: 'select', titre: 'Liste déroulante', examples: select },
  { id: 'date-input', titre: 'Date', examples: dateInput },
  { id: 'file-input', titre: 'Fichier', examples: fileInput },
  { id: 'fieldset', titre: 'Groupe de questions', examples: fieldset },
  { id: 'error-summary', titre: 'Résumé des erreurs', examples: errorSummary },
  { id: 'form', titre: 'Formulaire', examples: form },
  { id: 'button', titre: 'Boutons', examples: button },
  { id: 'summary-list', titre: 'Réponses à vérifier', examples: summaryList },
  { id: 'table', titre: 'Tableau', examples: table },
  { id: 'pagination', titre: 'Pagination', examples: pagination },
  { id: 'tag', titre: 'Étiquette', examples: tag },
  { id: 'notice', titre: 'Avis', examples: notice },
  { id: 'receipt', titre: 'Reçu', examples: receipt },
  { id: 'breadcrumb', titre: 'Fil d’Ariane', examples: breadcrumb },
  { id: 'step-indicator', titre: 'Étapes', examples: stepIndicator },
  { id: 'search-box', titre: 'Recherche', examples: searchBox },
  { id: 'link-list', titre: 'Liens, cartes, groupes', examples: linkList },
  { id: 'details', titre: 'Détails', examples: details },
  { id: 'timeline', titre: 'Histoire', examples: timeline },
  { id: 'viewer', titre: 'Document vu dans la page', examples: viewer },
  { id: 'message-thread', titre: 'Messages', examples: messageThread },
  { id: 'contact-block', titre: 'Coordonnées', examples: contactBlock },
  { id: 'empty-state', titre: 'Liste vide', examples: emptyState },
  { id: 'filters', titre: 'Filtres', examples: filters },
  { id: 'copyable', titre: 'Valeur à copier', examples: copyable },
  { id: 'list-keys', titre: 'Liste au clavier', examples: listKeys },
  { id: 'key-figures', titre: 'Chiffres', examples: keyFigures },
  { id: 'plan', titre: 'Plan d’un formulaire', examples: plan },
  { id: 'frame', titre: 'Aperçu', examples: frame },
  { id: 'paper', titre: 'Formulaire papier', examples: paper },
  { id: 'refreshed', titre: 'Travail en cours', examples: refreshed },
  { id: 'carte', titre: 'Lieu sur un plan', examples: carte },
]
