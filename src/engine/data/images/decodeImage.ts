/** A picture file as 8-bit RGB. */
import jpeg from 'jpeg-js'
import { AppError } from '../../../shared/errors.js'
import { readImageHeader, type ImageHeader } from './imageHeader.js'
import { readPng } from './readPng.js'
import { undecodable } from './undecodable.js'
import { unpackBits } from './unpackBits.js'

export interface RgbImage {
  height: number
  width: number
  /** RGB, [height, width, 3], 0..255. */
  image: Uint8Array
}

/** Decodes PNG (grey, RGB, palette, 8 or 16 bit; transparency is dropped) and JPEG. Throws data.bad-image or data.too-large with `file` in the sentence. */
export function decodeImage(bytes: Uint8Array, file: string): RgbImage {
  const header = readImageHeader(bytes, file)
  try {
    return header.format === 'png' ? fromPng(bytes, header, file) : fromJpeg(bytes)
  } catch (error) {
    throw undecodable(error, file, header.format)
  }
}

function fromPng(bytes: Uint8Array, header: ImageHeader, file: string): RgbImage {
  const png = readPng(bytes, header)
  const { width, height } = png
  if (png.palette) return { width, height, image: paint(unpackBits(png.data, width, height, png.depth), png.palette) }
  if (png.depth === 16) return { width, height, image: threeOf(eightBits(png.data, file), png.channels, width * height) }
  if (png.depth === 8 && png.channels === 3) return { width, height, image: new Uint8Array(png.data) }
  if (png.depth === 8) return { width, height, image: threeOf(png.data, png.channels, width * height) }
  return { width, height, image: threeOf(unpackBits(png.data, width, height, png.depth), 1, width * height, 255 / (2 ** png.depth - 1)) }
}

function paint(indices: Uint8Array, palette: number[][]): Uint8Array {
  const image = new Uint8Array(indices.length * 3)
  for (let pixel = 0; pixel < indices.length; pixel++) {
    const colour = palette[indices[pixel]]
    if (!colour) throw new Error(`palette index ${indices[pixel]} where the palette has ${palette.length} colours`)
    image[pixel * 3] = colour[0]
    image[pixel * 3 + 1] = colour[1]
    image[pixel * 3 + 2] = colour[2]
  }
  return image
}

/** 16-bit values use the whole range, or the picture would come out black: 12-bit data in a 16-bit file is refused. */
function eightBits(data: ArrayLike<number>, file: string): Uint8Array {
  const bytes = new Uint8Array(data.length)
  let brightest = 0
  for (let index = 0; index < data.length; index++) {
    if (data[index] > brightest) brightest = data[index]
    bytes[index] = data[index] >> 8
  }
  if (brightest > 0 && brightest < 4096) {
    throw new AppError('data.bad-image', `${file}: expected 16-bit values up to 65535, found none above ${brightest}`, {
      hint: 'Save the picture with 8 bits a channel.'
    })
  }
  return bytes
}

/** Spreads grey over RGB and leaves transparency out. */
function threeOf(data: ArrayLike<number>, channels: number, pixels: number, scale = 1): Uint8Array {
  if (data.length < pixels * channels) throw new Error(`${data.length} values where ${pixels * channels} belong`)
  const image = new Uint8Array(pixels * 3)
  const green = channels >= 3 ? 1 : 0
  const blue = channels >= 3 ? 2 : 0
  for (let pixel = 0; pixel < pixels; pixel++) {
    image[pixel * 3] = data[pixel * channels] * scale
    image[pixel * 3 + 1] = data[pixel * channels + green] * scale
    image[pixel * 3 + 2] = data[pixel * channels + blue] * scale
  }
  return image
}

function fromJpeg(bytes: Uint8Array): RgbImage {
  const decoded = jpeg.decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
    maxResolutionInMP: 68,
    maxMemoryUsageInMB: 1536
  })
  return { width: decoded.width, height: decoded.height, image: decoded.data }
}
