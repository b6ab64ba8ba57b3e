// Segments one picture: node run.mjs IMAGE.png MASK.png
// Needs only the packages in package.json and the files beside this script.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { convertIndexedToRgb, decode, encode } from 'fast-png'
import { InferenceSession, Tensor } from 'onnxruntime-node'

const [imagePath, maskPath] = process.argv.slice(2)
if (maskPath === undefined) {
  console.error('Usage: node run.mjs IMAGE.png MASK.png')
  process.exit(2)
}

const beside = (name) => new URL(name, import.meta.url)
const classes = JSON.parse(readFileSync(beside('classes.json'), 'utf8'))
const { mean, deviation } = JSON.parse(readFileSync(beside('normalisation.json'), 'utf8'))

const session = await InferenceSession.create(fileURLToPath(beside('model.onnx')))
const [, , height, width] = session.inputMetadata[0].shape

const picture = readRgb(imagePath)
// A picture that lacks less than 32 pixels is padded, as in training; any other is scaled.
const isPadded = [height - picture.height, width - picture.width].every((missing) => missing >= 0 && missing < 32)
const fitted = isPadded ? picture : scale(picture, height, width)

const input = new Tensor('float32', normalise(fitted), [1, 3, height, width])
const { logits } = await session.run({ image: input })
const mask = argmax(logits.data)

const data = new Uint8Array(picture.height * picture.width)
for (let y = 0; y < picture.height; y++) {
  for (let x = 0; x < picture.width; x++) {
    data[y * picture.width + x] = mask[maskRow(y) * width + maskColumn(x)]
  }
}
const palette = classes.map(({ colour }) => colour)
writeFileSync(maskPath, encode({ width: picture.width, height: picture.height, data, channels: 1, depth: 8, palette }))
console.log(`${maskPath}: ${picture.width}x${picture.height} class ids, shown in the classes' colours`)

/** 8-bit RGB [height, width, 3] of a grey, RGB or palette PNG with 8 or 16 bits; transparency is dropped. */
function readRgb(path) {
  const png = decode(readFileSync(path))
  if (png.palette === undefined && png.depth < 8) throw new Error(`${path}: expected at least 8 bits a channel, found ${png.depth}`)
  const values = png.palette === undefined ? png.data : convertIndexedToRgb(png)
  const pixels = png.width * png.height
  const channels = values.length / pixels
  const shift = png.depth === 16 ? 8 : 0
  const rgb = new Uint8Array(pixels * 3)
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      rgb[pixel * 3 + channel] = values[pixel * channels + (channels >= 3 ? channel : 0)] >> shift
    }
  }
  return { width: png.width, height: png.height, rgb }
}

/** (value / 255 - mean) / deviation, as [3, height, width]; what the picture does not cover is 0. */
function normalise(image) {
  const result = new Float32Array(3 * height * width)
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        const value = image.rgb[(y * image.width + x) * 3 + channel]
        result[(channel * height + y) * width + x] = (value / 255 - mean[channel]) / deviation[channel]
      }
    }
  }
  return result
}

/** The class of the largest logit at each pixel; `values` is [classes, height, width]. */
function argmax(values) {
  const pixels = height * width
  const result = new Uint8Array(pixels)
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let label = 1; label < classes.length; label++) {
      if (values[label * pixels + pixel] > values[result[pixel] * pixels + pixel]) result[pixel] = label
    }
  }
  return result
}

/** Row of the network's mask that lies under row y of the picture. */
function maskRow(y) {
  return isPadded ? y : Math.min(height - 1, Math.floor(((y + 0.5) * height) / picture.height))
}

function maskColumn(x) {
  return isPadded ? x : Math.min(width - 1, Math.floor(((x + 0.5) * width) / picture.width))
}

/** Bilinear with half-pixel centres; the triangle is widened when shrinking. */
function scale(image, toHeight, toWidth) {
  const rows = triangles(image.height, toHeight)
  const columns = triangles(image.width, toWidth)
  const between = new Float32Array(image.height * toWidth * 3)
  for (let y = 0; y < image.height; y++) {
    columns.forEach(({ first, weights }, x) => {
      for (let channel = 0; channel < 3; channel++) {
        weights.forEach((weight, k) => {
          between[(y * toWidth + x) * 3 + channel] += weight * image.rgb[(y * image.width + first + k) * 3 + channel]
        })
      }
    })
  }
  const rgb = new Uint8Array(toHeight * toWidth * 3)
  rows.forEach(({ first, weights }, y) => {
    for (let value = 0; value < toWidth * 3; value++) {
      rgb[y * toWidth * 3 + value] = Math.round(weights.reduce((sum, weight, k) => sum + weight * between[(first + k) * toWidth * 3 + value], 0))
    }
  })
  return { width: toWidth, height: toHeight, rgb }
}

/** For each new position the first old one that counts, and the weights from there on. */
function triangles(from, to) {
  const ratio = from / to
  const reach = Math.max(1, ratio)
  return Array.from({ length: to }, (_, position) => {
    const centre = (position + 0.5) * ratio - 0.5
    const first = Math.max(0, Math.ceil(centre - reach))
    const last = Math.min(from - 1, Math.floor(centre + reach))
    const weights = []
    for (let index = first; index <= last; index++) weights.push(Math.max(0, 1 - Math.abs(index - centre) / reach))
    const sum = weights.reduce((total, weight) => total + weight, 0)
    return { first, weights: weights.map((weight) => weight / sum) }
  })
}
