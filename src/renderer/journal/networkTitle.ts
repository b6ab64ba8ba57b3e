import type { Texts } from '../locales/en.js'

/** A network's name for people, such as `student, joint` for `student-joint`; a name that is not known stays as it is. */
export function networkTitle(network: string, { names }: Texts): string {
  const whole = names.network[network]
  if (whole !== undefined) return whole
  const parts = network.split(/[-/ ]+/)
  const known = parts.map((part) => names.network[part] ?? names.variant[part])
  return known.every((part) => part !== undefined) ? known.join(', ') : network
}
