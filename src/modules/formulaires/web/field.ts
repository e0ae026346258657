/** What every control of a field is given. */
export interface Field {
  name: string
  label: string
  hint: string | undefined
  error: string | undefined
  optional: boolean
}
