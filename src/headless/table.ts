/** A plain table for the terminal: columns as wide as their widest cell, numbers to the right. */
export function tableText(header: string[], rows: string[][]): string {
  const all = [header, ...rows]
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column].length)))
  const toTheRight = header.map(
    (_, column) => rows.length > 0 && rows.every((row) => /^(-?[\d.,]+( (ms|%|s|M|G|k|KiB|MiB|GiB))?|-|)$/.test(row[column]))
  )
  const line = (row: string[]): string =>
    row
      .map((cell, column) => (toTheRight[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join('  ')
      .trimEnd()
  return [line(header), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n')
}
