/** Opening hours of some days, as they are shown. */
export interface Periode {
  readonly jours: string
  readonly heures: string
}

/**
 * Reads opening hours kept as lines, one period a line: « Lundi au vendredi : 9 h – 12 h ». The days end at the first colon that does not
 * follow a figure, so that « 9:00 » stays whole. A line without days is kept under « À noter »: nothing that was typed is lost.
 */
export function lireHoraires(horaires: string | null): Periode[] {
  return (horaires ?? '')
    .split('\n')
    .map(line => line.replace(/\s+/g, ' ').trim())
    .filter(line => line !== '')
    .map(line => {
      const [, jours, heures] = /^([^:]*[^:\d\s])\s*:\s*(.+)$/.exec(line) ?? []
      return jours && heures ? { jours, heures } : { jours: 'À noter', heures: line }
    })
}
