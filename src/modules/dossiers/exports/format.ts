import * as z from 'zod'
import { ODS_TYPE } from '../../../platform/export/index.ts'

export const FORMATS = ['csv', 'csv-virgule', 'xlsx', 'ods', 'json'] as const
export type Format = (typeof FORMATS)[number]

/** What an export makes of a list. */
export const schemaFormat = z.strictObject({
  format: z.enum(FORMATS),
  /** Keys of columns, in the order of the export. */
  colonnes: z.array(z.string().max(64)).min(1).max(200),
  /** The rows of what is repeated (children, vehicles): in one cell, or in a sheet of their own (XLSX, ODS). */
  repetitions: z.enum(['jointes', 'feuilles']),
})
export type FormatDExport = z.infer<typeof schemaFormat>

/** Beyond, an export is a file made by a job. */
export const LIGNES_IMMEDIATES = 5000
/** The most that one export gives: its ids are in memory. */
export const LIGNES_AU_PLUS = 250_000
/** How long a file that was made may be downloaded. */
export const VALIDITE_HEURES = 24

export const LIBELLES_DES_FORMATS: Readonly<
  Record<Format, { readonly nom: string; readonly aide: string; readonly suffixe: string; readonly type: string }>
> = {
  csv: {
    nom: 'CSV',
    aide: 'Pour un tableur en français : points-virgules et virgule décimale.',
    suffixe: 'csv',
    type: 'text/csv; charset=utf-8',
  },
  'csv-virgule': {
    nom: 'CSV international',
    aide: 'Virgules et point décimal, pour d’autres logiciels.',
    suffixe: 'csv',
    type: 'text/csv; charset=utf-8',
  },
  xlsx: {
    nom: 'Classeur XLSX',
    aide: 'Pour Excel ou LibreOffice : les dates et les nombres sont reconnus.',
    suffixe: 'xlsx',
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  },
  ods: {
    nom: 'Classeur ODS',
    aide: 'Pour LibreOffice, le format libre des administrations : les dates et les nombres sont reconnus.',
    suffixe: 'ods',
    type: ODS_TYPE,
  },
  json: {
    nom: 'JSON',
    aide: 'Pour un développeur : chaque valeur telle qu’enregistrée, avec ses mots ; les libellés sont en tête.',
    suffixe: 'json',
    type: 'application/json',
  },
}
