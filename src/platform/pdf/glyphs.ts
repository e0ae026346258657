/**
 * The code points that a TrueType font can draw: its `cmap` table, format 12, else 4 (OpenType 1.9.1).
 * PDF/UA forbids a character without a glyph, so what the font lacks must be known before.
 */
export function drawableBy(font: Buffer): (codePoint: number) => boolean {
  const table = tableOf(font, 'cmap')
  const subtables = Array.from({ length: table.readUInt16BE(2) }, (_, n) => table.subarray(table.readUInt32BE(8 + 8 * n)))
  const full = subtables.find(subtable => subtable.readUInt16BE(0) === 12)
  const basic = subtables.find(subtable => subtable.readUInt16BE(0) === 4)
  const ranges = full ? rangesOfFormat12(full) : basic ? rangesOfFormat4(basic) : []
  return codePoint => ranges.some(([first, last]) => codePoint >= first && codePoint <= last)
}

function tableOf(font: Buffer, tag: string): Buffer {
  for (let n = 0; n < font.readUInt16BE(4); n++) {
    const at = 12 + 16 * n
    if (font.toString('latin1', at, at + 4) === tag)
      return font.subarray(font.readUInt32BE(at + 8), font.readUInt32BE(at + 8) + font.readUInt32BE(at + 12))
  }
  throw new Error(`font without table ${tag}`)
}

function rangesOfFormat12(subtable: Buffer): [number, number][] {
  return Array.from({ length: subtable.readUInt32BE(12) }, (_, n) => [
    subtable.readUInt32BE(16 + 12 * n),
    subtable.readUInt32BE(20 + 12 * n),
  ])
}

function rangesOfFormat4(subtable: Buffer): [number, number][] {
  const bytes = subtable.readUInt16BE(6)
  return Array.from({ length: bytes / 2 }, (_, n) => [subtable.readUInt16BE(16 + bytes + 2 * n), subtable.readUInt16BE(14 + 2 * n)])
}
