import { type Refusal, refusalTable } from '../refusal.ts'

/** What the server itself refuses, before any module is asked. */
export const errorRefusals = refusalTable({
  adresse: [400, 'Cette adresse est mal écrite : elle contient des caractères que le web n’accepte pas. Repartez de l’accueil.'],
  demande: [400, 'Votre navigateur a envoyé une demande incomplète ou mal écrite. Revenez en arrière puis essayez de nouveau.'],
  formulaire: [
    403,
    'Ce formulaire n’a pas été envoyé depuis nos pages, ou il est resté ouvert trop longtemps. Revenez en arrière, rechargez la page, puis envoyez-le de nouveau.',
  ],
  autre_site: [403, 'Cette adresse s’appelle d’un serveur à un autre, jamais depuis la page d’un autre site.'],
  lent: [408, 'Votre envoi a mis trop de temps à arriver. Vérifiez votre connexion, puis essayez de nouveau.'],
  trop_lourd: [413, 'Ce que vous envoyez est trop lourd. Raccourcissez votre texte, ou envoyez moins de documents à la fois.'],
  type: [415, 'Ce type d’envoi n’est pas accepté ici. Utilisez le formulaire de la page.'],
  type_json: [415, 'Envoyez du JSON, avec l’en-tête « Content-Type: application/json ».'],
  json: [400, 'Ce corps n’est pas du JSON lisible. Vérifiez qu’il est complet et encodé en UTF-8.'],
  trop: [429, 'Trop d’essais en peu de temps depuis cette connexion. Attendez quelques minutes, puis recommencez.'],
  entetes: [
    431,
    'Votre navigateur a envoyé trop d’informations avec cette demande. Effacez les cookies de ce site, puis rechargez la page.',
  ],
  indisponible: [
    503,
    'Le service est momentanément indisponible. Rien de ce qui a été confirmé n’est perdu. Attendez une minute puis rechargez la page.',
  ],
  saturee: [
    503,
    'Trop de personnes se servent de ce service en ce moment. Rien de ce que vous aviez enregistré n’est perdu. Attendez dix secondes, puis rechargez cette page : si vous veniez d’envoyer un formulaire, votre navigateur le renverra.',
  ],
  inattendue: [
    500,
    'Une erreur inattendue s’est produite. Ce qui a été confirmé n’est pas perdu. Essayez de nouveau ; si cela recommence, appelez la mairie en donnant la référence ci-dessous.',
  ],
})

/** The refusal that answers an error of the HTTP layer; undefined for an accident. */
export function requestRefusal(error: { code?: string; statusCode?: number }): Refusal | undefined {
  const code = error.code ?? ''
  if (code === 'PARVIS_FORMULAIRE') return errorRefusals.formulaire
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' || /^FST_(FILES|FIELDS|PARTS)_LIMIT$/.test(code) || code === 'FST_REQ_FILE_TOO_LARGE')
    return errorRefusals.trop_lourd
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' || code === 'FST_INVALID_MULTIPART_CONTENT_TYPE') return errorRefusals.type
  if (error.statusCode === 413) return errorRefusals.trop_lourd
  if (error.statusCode === 415) return errorRefusals.type
  // Parsing of the body, cut connection, malformed multipart: the sender's side, whatever the library called it.
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) return errorRefusals.demande
  if (/^(ECONNRESET|ERR_STREAM_PREMATURE_CLOSE|FST_PROTO_VIOLATION|HPE_)/.test(code)) return errorRefusals.demande
  if (error instanceof Error && /Unexpected end of (form|multipart)|Malformed part header|Multipart: Boundary/i.test(error.message))
    return errorRefusals.demande
  return undefined
}
