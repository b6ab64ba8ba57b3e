/** How the values of a mask file become class ids. */
export interface MaskCoding {
  /** ids: grey values and palette indices count; colours: what a pixel looks like counts (RGB, or a palette's colour). RGB masks always go by colour. */
  kind: 'ids' | 'colours'
  /** For each value 0..255: class id, 255 to ignore it, or -1 where the value is unknown. */
  ids: number[]
  /** Known colours: red, green, blue, class id or 255. */
  colours: [number, number, number, number][]
}

/** A coding where value i is class i below `classes`, and the values of `ignored` count for nothing. */
export function plainCoding(classes: number, ignored: number[] = [255]): MaskCoding {
  const ids = Array.from({ length: 256 }, (_, value) => (value < classes ? value : -1))
  for (const value of ignored) ids[value] = 255
  return { kind: 'ids', ids, colours: [] }
}
