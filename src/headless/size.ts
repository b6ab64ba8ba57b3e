/** A size on the command line: `1024x2048` is height x width, as everywhere in Cellscope. */
import { AppError } from '../shared/errors.js'

export interface Size {
  height: number
  width: number
}

/** @throws AppError settings.invalid-value */
export function readSize(text: string): Size {
  const match = /^(\d{1,5})[x×](\d{1,5})$/i.exec(text.trim())
  const size = match === null ? undefined : { height: Number(match[1]), width: Number(match[2]) }
  if (size !== undefined && isSide(size.height) && isSide(size.width)) return size
  throw new AppError(
    'settings.invalid-value',
    `--size must be HEIGHTxWIDTH, both multiples of 32 up to 16384, but is "${text.slice(0, 80)}".`,
    {
      hint: 'For example --size 1024x2048.'
    }
  )
}

function isSide(side: number): boolean {
  return side >= 32 && side <= 16384 && side % 32 === 0
}
