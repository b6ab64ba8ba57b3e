/** Class i's colour: bits of i spread over the channels, highest first (VOC development kit, VOClabelcolormap). */
export function vocColour(index: number): [number, number, number] {
  const colour: [number, number, number] = [0, 0, 0]
  for (let bit = 7, rest = index; bit >= 0; bit--, rest >>= 3) {
    for (let channel = 0; channel < 3; channel++) colour[channel] |= ((rest >> channel) & 1) << bit
  }
  return colour
}
