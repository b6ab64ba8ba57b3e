/** Colours for classes that a person can tell apart. */

/** Red, green, blue, 0..255 each. */
export type Colour = [number, number, number]

/** Two colours nearer than this in CIE Lab are taken for one another in a small picture. */
export const leastDistance = 12

/**
 * The classes' own colours where all can be told apart from each other and from the black of ignored pixels; for a class whose colour
 * cannot, the colour of a fixed list that is farthest from all others. Deterministic.
 */
export function distinctColours(wanted: readonly Colour[]): Colour[] {
  const chosen: Colour[] = []
  for (const colour of wanted) chosen.push(isDistinct(colour, chosen) ? colour : farthest([...chosen, ...wanted]))
  return chosen
}

/** Euclidean distance in CIE Lab (CIE76, D65); about 2.3 is just noticeable side by side. */
export function colourDistance(first: Colour, second: Colour): number {
  return labDistance(lab(first), lab(second))
}

type Lab = [number, number, number]

function labDistance(a: Lab, b: Lab): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
}

const black: Colour = [0, 0, 0]

function isDistinct(colour: Colour, others: readonly Colour[]): boolean {
  return [black, ...others].every((other) => colourDistance(colour, other) >= leastDistance)
}

/** The colour of a regular grid over RGB that is farthest from its nearest neighbour in `others`. */
function farthest(others: readonly Colour[]): Colour {
  const levels = [0, 64, 128, 192, 255]
  const taken = [black, ...others].map(lab)
  let best: Colour = [255, 255, 255]
  let bestDistance = -1
  for (const red of levels) {
    for (const green of levels) {
      for (const blue of levels) {
        const candidate: Colour = [red, green, blue]
        const place = lab(candidate)
        const distance = Math.min(...taken.map((other) => labDistance(place, other)))
        if (distance > bestDistance) {
          best = candidate
          bestDistance = distance
        }
      }
    }
  }
  return best
}

function lab(colour: Colour): Lab {
  const [red, green, blue] = colour.map((value) => {
    const fraction = value / 255
    return fraction <= 0.04045 ? fraction / 12.92 : ((fraction + 0.055) / 1.055) ** 2.4
  })
  const x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
  const y = 0.2126729 * red + 0.7151522 * green + 0.072175 * blue
  const z = (0.0193339 * red + 0.119192 * green + 0.9503041 * blue) / 1.08883
  const [fx, fy, fz] = [x, y, z].map((value) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116))
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)]
}
