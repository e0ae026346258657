// What is kept to the letter (what was typed, what is copied, a title, which is on one line), then tags whole, then the spaces of texts.
const PIECES = /<(textarea|title|pre|code)\b[\s\S]*?<\/\1>|<(?:[^>"]|"[^"]*")*>| (?=[:?!;»])|(?<=«) /g

/**
 * A page in which a line never begins with « : », « ? », « ! », « ; » or « » », nor ends with « « »: the spaces that French puts there do not break
 * (U+00A0; Imprimerie nationale, Lexique des règles typographiques). In texts only: never in an attribute, a field, a sample of code.
 */
export const withFrenchSpaces = (html: string): string => html.replace(PIECES, found => (found === ' ' ? '\u00a0' : found))
