/** A mask file as class ids. */
import { AppError } from '../../../shared/errors.js'
import type { MaskCoding } from './maskCoding.js'
import { decodeImage } from './decodeImage.js'
import { readImageHeader, type ImageHeader } from './imageHeader.js'
import { readPng, type PngPixels } from './readPng.js'
import { undecodable } from './undecodable.js'
import { unpackBits } from './unpackBits.js'

export interface Mask {
  height: number
  width: number
  /** Class ids or 255, [height, width]. */
  mask: Uint8Array
}

/**
 * Decodes a mask by `coding`: grey values and palette indices through its table, RGB through its colours.
 * Throws data.bad-mask for a kind of file that can be no mask, data.unknown-value for a value outside the coding.
 */
export function decodeMask(bytes: Uint8Array, file: string, coding: MaskCoding): Mask {
  const header = readImageHeader(bytes, file)
  if (header.format === 'jpeg') throw bad(file, 'expected a PNG, found a JPEG, which does not keep class ids exactly')
  if (header.depth === 16) throw bad(file, 'expected 8-bit class ids, found a 16-bit PNG')
  if (header.colour === 'grey-alpha') throw bad(file, 'expected 8-bit class ids, found grey with transparency')
  const byColour = header.colour === 'rgb' || header.colour === 'rgb-alpha' || coding.kind === 'colours'
  if (!byColour) return byValue(bytes, header, file, coding)
  if (coding.colours.length === 0)
    throw bad(file, 'expected 8-bit class ids or a palette, found an RGB picture and no class colours to read it by')
  const { height, width, image } = decodeImage(bytes, file)
  return { height, width, mask: classesOfColours(image, file, coding, width) }
}

function byValue(bytes: Uint8Array, header: ImageHeader, file: string, coding: MaskCoding): Mask {
  const png = pixelsOf(bytes, header, file)
  const { width, height } = png
  const values = png.depth === 8 && png.data.length === width * height ? png.data : unpackBits(png.data, width, height, png.depth)
  if (png.palette) refuseForeignPalette(values, png.palette, file, coding)
  const mask = new Uint8Array(width * height)
  for (let pixel = 0; pixel < mask.length; pixel++) {
    const id = coding.ids[values[pixel]]
    if (id < 0)
      throw unknown(
        file,
        `expected ${describeIds(coding)}, found the value ${values[pixel]} at column ${pixel % width}, row ${Math.floor(pixel / width)}`
      )
    mask[pixel] = id
  }
  return { height, width, mask }
}

function pixelsOf(bytes: Uint8Array, header: ImageHeader, file: string): PngPixels {
  try {
    return readPng(bytes, header)
  } catch (error) {
    throw undecodable(error, file, 'png')
  }
}

/** Painting programs reorder palettes: an index whose colour is that of another class is a surprise worth a stop. */
function refuseForeignPalette(values: ArrayLike<number>, palette: number[][], file: string, coding: MaskCoding): void {
  const used = new Set<number>()
  for (let pixel = 0; pixel < values.length; pixel++) used.add(values[pixel])
  for (const value of used) {
    const colour = palette[value]
    if (!colour) throw bad(file, `expected palette indices below ${palette.length}, found ${value}`)
    const meant = coding.colours.find((entry) => entry[0] === colour[0] && entry[1] === colour[1] && entry[2] === colour[2])
    if (meant && coding.ids[value] >= 0 && meant[3] !== coding.ids[value]) {
      throw bad(file, `expected palette index ${value} to have the colour of class ${coding.ids[value]}, found that of class ${meant[3]}`)
    }
  }
}

function classesOfColours(image: Uint8Array, file: string, coding: MaskCoding, width: number): Uint8Array {
  const classOf = new Map(coding.colours.map(([red, green, blue, id]) => [(red << 16) | (green << 8) | blue, id]))
  const mask = new Uint8Array(image.length / 3)
  for (let pixel = 0; pixel < mask.length; pixel++) {
    const offset = pixel * 3
    const id = classOf.get((image[offset] << 16) | (image[offset + 1] << 8) | image[offset + 2])
    if (id === undefined) {
      const colour = Array.from(image.subarray(offset, offset + 3)).join(', ')
      throw unknown(
        file,
        `expected one of ${classOf.size} class colours, found ${colour} at column ${pixel % width}, row ${Math.floor(pixel / width)}`
      )
    }
    mask[pixel] = id
  }
  return mask
}

function describeIds(coding: MaskCoding): string {
  const known = coding.ids.flatMap((id, value) => (id >= 0 ? [value] : []))
  const last = known.findIndex((value, index) => value !== index)
  if (last < 0) return `values from 0 to ${known.length - 1}`
  if (last === 0) return `one of the values ${known.slice(0, 20).join(', ')}`
  const rest = known.slice(last)
  return `values from 0 to ${last - 1} or ${rest.slice(0, 8).join(', ')}`
}

function bad(file: string, sentence: string): AppError {
  return new AppError('data.bad-mask', `${file}: ${sentence}`)
}

function unknown(file: string, sentence: string): AppError {
  return new AppError('data.unknown-value', `${file}: ${sentence}`)
}
