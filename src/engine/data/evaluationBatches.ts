/** Whole images for evaluation, padded to what the network can take, and cropped back afterwards. */
import { ignoreLabel, type SampleReference } from './dataset.js'
import { normaliseInto } from './normalisation.js'
import type { SampleSource } from './sampleSource.js'

export interface EvaluationBatch {
  /** [N, H, W, 3], normalised, 0 in the padding; H and W are multiples of 32. */
  images: Float32Array
  /** [N, H, W], the ignore label in the padding. */
  labels: Uint8Array
  ids: string[]
  count: number
  height: number
  width: number
  /** Size of the images without padding, equal for all of a batch; they stand at the top left. */
  imageHeight: number
  imageWidth: number
}

const stride = 32

/** Batches of at most `batch` consecutive samples of equal size, in the order of `references`. The next sample is read while one is used. */
export async function* evaluationBatches(
  source: SampleSource,
  references: SampleReference[],
  batch: number
): AsyncGenerator<EvaluationBatch> {
  let group: { id: string; height: number; width: number; image: Uint8Array; mask: Uint8Array }[] = []
  let coming = references.length > 0 ? ahead(source, references[0]) : undefined
  for (const [index, { id }] of references.entries()) {
    const sample = await coming
    if (!sample) break
    coming = index + 1 < references.length ? ahead(source, references[index + 1]) : undefined
    const fits = group.length === 0 || (group.length < batch && group[0].height === sample.height && group[0].width === sample.width)
    if (!fits) {
      yield padded(group)
      group = []
    }
    group.push({ id, ...sample })
  }
  if (group.length > 0) yield padded(group)
}

function ahead(source: SampleSource, reference: SampleReference): ReturnType<SampleSource['sample']> {
  const asked = source.sample(reference)
  asked.catch(() => undefined)
  return asked
}

function padded(group: { id: string; height: number; width: number; image: Uint8Array; mask: Uint8Array }[]): EvaluationBatch {
  const { height: imageHeight, width: imageWidth } = group[0]
  const height = Math.ceil(imageHeight / stride) * stride
  const width = Math.ceil(imageWidth / stride) * stride
  const images = new Float32Array(group.length * height * width * 3)
  const labels = new Uint8Array(group.length * height * width).fill(ignoreLabel)
  for (const [index, { image, mask }] of group.entries()) {
    const first = index * height * width
    normaliseInto(images, first * 3, width, image, imageHeight, imageWidth)
    for (let y = 0; y < imageHeight; y++) labels.set(mask.subarray(y * imageWidth, (y + 1) * imageWidth), first + y * width)
  }
  return { images, labels, ids: group.map((sample) => sample.id), count: group.length, height, width, imageHeight, imageWidth }
}

/** Cuts the padding off a map [height, width, channels]; returns [imageHeight, imageWidth, channels]. */
export function cropBack<Values extends Uint8Array | Int32Array | Float32Array>(
  map: Values,
  width: number,
  channels: number,
  imageHeight: number,
  imageWidth: number
): Values {
  const result = map.slice(0, imageHeight * imageWidth * channels) as Values
  for (let y = 0; y < imageHeight; y++)
    result.set(map.subarray(y * width * channels, (y * width + imageWidth) * channels), y * imageWidth * channels)
  return result
}
