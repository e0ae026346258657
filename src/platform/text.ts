/** The beginning of a text, `max` UTF-16 units at most. Never half an emoji: what is left would be no text, and PostgreSQL refuses it in JSON. */
export const cut = (text: string, max: number): string => text.slice(0, max).replace(/[\ud800-\udbff]$/, '')
