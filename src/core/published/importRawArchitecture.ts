import type { ArchitectureLogits, SearchSpace } from '../../shared/architecture.js'
import { AppError } from '../../shared/errors.js'
import type { RawArchitecture } from '../../shared/rawArchitecture.js'
import { logitShapes } from '../lattice.js'

/**
 * The space and the logits of raw arrays, for `deriveArchitecture`. A ratio with a single column stays so. Throws file.format for a shape
 * that does not belong to the number of layers, naming the array.
 */
export function importRawArchitecture(raw: RawArchitecture, source: string): { space: SearchSpace; logits: ArchitectureLogits } {
  const { layers, baseWidth, widths, alpha, beta, ratio, stemWidth, classes } = raw
  if (widths.some((width, index) => index > 0 && width <= widths[index - 1])) {
    throw refusal(source, `expected ascending widths, found ${widths.join(', ')}`)
  }
  const columns = ratio[0]?.[0]?.length === 1 ? 1 : widths.length
  const shapes = logitShapes(layers, columns)
  check('alpha', alpha, shapes.alpha, layers, source)
  check('beta', beta, shapes.beta, layers, source)
  check('ratio', ratio, shapes.gamma, layers, source)
  return { space: { layers, baseWidth, widths, studentStemWidth: stemWidth, classes }, logits: { alpha, beta, gamma: ratio } }
}

function check(name: string, arrays: number[][][], shapes: [number, number][], layers: number, source: string): void {
  if (arrays.length !== shapes.length) throw refusal(source, `expected ${shapes.length} arrays in ${name}, found ${arrays.length}`)
  shapes.forEach(([rows, columns], index) => {
    const array = arrays[index]
    const odd = array.find((row) => row.length !== columns) ?? array[0] ?? []
    if (array.length === rows && (rows === 0 || odd.length === columns)) return
    const found = `found ${array.length} rows of ${odd.length}`
    throw refusal(source, `${name}[${index}] must have ${rows} rows of ${columns} numbers for ${layers} layers, ${found}`)
  })
}

function refusal(source: string, found: string): AppError {
  return new AppError('file.format', `${source}: ${found}.`, { hint: 'The layout of the arrays is explained in docs/formats.md.' })
}
