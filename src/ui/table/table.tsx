import type { VNode } from 'preact'
import type { Contenu } from '../types.ts'

export interface Column<Row> {
  titre: string
  cellule: (row: Row) => Contenu
  /** Figures, aligned on the right. */
  nombre?: boolean | undefined
}

export interface TableProps<Row> {
  caption: string
  /** Keeps the caption for screen readers only, when a heading just above says the same. */
  captionHidden?: boolean | undefined
  /** The first column is the heading of each row. */
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey?: ((row: Row) => string) | undefined
}

const role = {
  table: { role: 'table' },
  rowgroup: { role: 'rowgroup' },
  row: { role: 'row' },
  columnheader: { role: 'columnheader' },
  rowheader: { role: 'rowheader' },
  cell: { role: 'cell' },
} as const

/**
 * A data table; under 40rem each row becomes a block whose cells carry the title of their column.
 * Roles are written out because Safari drops table semantics when `display` changes.
 */
export function Table<Row>({ caption, captionHidden, columns, rows, rowKey }: TableProps<Row>): VNode {
  return (
    <table {...role.table}>
      <caption class={captionHidden ? 'vh' : undefined}>{caption}</caption>
      <thead {...role.rowgroup}>
        <tr {...role.row}>
          {columns.map(column => (
            <th key={column.titre} scope="col" {...role.columnheader} class={column.nombre ? 'number' : undefined}>
              {column.titre}
            </th>
          ))}
        </tr>
      </thead>
      <tbody {...role.rowgroup}>
        {rows.map((row, index) => (
          <tr key={rowKey?.(row) ?? index} {...role.row}>
            {columns.map((column, place) =>
              place === 0 ? (
                <th key={column.titre} scope="row" {...role.rowheader}>
                  {column.cellule(row)}
                </th>
              ) : (
                <td key={column.titre} {...role.cell} data-label={column.titre} class={column.nombre ? 'number' : undefined}>
                  {column.cellule(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
