/** A size on the command line: `1024x2048` is height x width, as everywhere in Cellscope. */
import { AppError } from '../shared/errors.js'

export interface Size {
  height: number
  width: number
}

/** What the sides of a size may be. */
export interface SideRule {
  least: number
  most: number
  multipleOf: number
}

const imageSide: SideRule = { least: 32, most: 16384, multipleOf: 32 }

/** By default the size of an image. @throws AppError settings.invalid-value */
export function readSize(text: string, rule: SideRule = imageSide): Size {
  const match = /^(\d{1,5})[x×](\d{1,5})$/i.exec(text.trim())
  const size = match === null ? undefined : { height: Number(match[1]), width: Number(match[2]) }
  if (size !== undefined && isSide(size.height, rule) && isSide(size.width, rule)) return size
  const expected = rule.multipleOf > 1 ? `multiples of ${rule.multipleOf} up to ${rule.most}` : `from ${rule.least} to ${rule.most}`
  throw new AppError('settings.invalid-value', `--size must be HEIGHTxWIDTH, both ${expected}, but is "${text.slice(0, 80)}".`, {
    hint: `For example --size ${rule.multipleOf > 1 ? '1024x2048' : '32x64'}.`
  })
}

function isSide(side: number, { least, most, multipleOf }: SideRule): boolean {
  return side >= least && side <= most && side % multipleOf === 0
}
