/** Reads, decodes and scales one sample. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.js'
import type { Dataset, FileSource, Sample, SampleReference } from './dataset.js'
import { decodeImage } from './images/decodeImage.js'
import { decodeMask } from './images/decodeMask.js'
import { resizeImage, resizeMask } from './images/resize.js'
import { renderStreetScene } from './streets/renderStreetScene.js'

/**
 * The sample at `reference`: image [height, width, 3] and mask [height, width] of equal size, scaled to the dataset's size if it has one.
 * Synchronous, because it runs in a thread of its own. Throws an AppError that names the file: data.changed where the file is not the one
 * that was there when the dataset was opened, data.bad-image, data.bad-mask, data.size-mismatch and their kin where it cannot be used.
 */
export function loadSample(dataset: Dataset, reference: SampleReference): Sample {
  const { source } = reference
  const sample = source.kind === 'street' ? renderStreetScene(source) : readFiles(dataset, source)
  const height = dataset.height || sample.height
  const width = dataset.width || sample.width
  return {
    height,
    width,
    image: resizeImage(sample.image, sample.height, sample.width, height, width),
    mask: resizeMask(sample.mask, sample.height, sample.width, height, width)
  }
}

function readFiles(dataset: Dataset, source: FileSource): Sample {
  const bytes = readUnchanged(dataset.root, source.image, source.imageHash)
  if (source.mask === '') throw new AppError('data.missing-mask', `${source.image}: expected a mask for this image, found none`)
  const { height, width, image } = decodeImage(bytes, source.image)
  const { mask, ...size } = decodeMask(readUnchanged(dataset.root, source.mask, source.maskHash), source.mask, dataset.maskCoding)
  if (size.height !== height || size.width !== width) {
    throw new AppError(
      'data.size-mismatch',
      `${source.mask}: expected ${width} x ${height} pixels as in ${source.image}, found ${size.width} x ${size.height}`
    )
  }
  return { height, width, image, mask }
}

/** A run must not learn from other pictures than those its manifest names, so the bytes are compared with the hash taken at the start. */
function readUnchanged(root: string, file: string, hash: string): Uint8Array {
  const bytes = readIfThere(join(root, file))
  if (bytes === undefined && hash === '') throw new AppError('file.not-found', `${file}: expected this file of the dataset, found nothing`)
  if (bytes === undefined) throw new AppError('data.changed', `${file}: expected the file that was there at the start, found nothing`)
  if (createHash('sha256').update(bytes).digest('hex') !== hash) {
    throw new AppError('data.changed', `${file}: expected the file as it was at the start, found other contents`)
  }
  return bytes
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}
