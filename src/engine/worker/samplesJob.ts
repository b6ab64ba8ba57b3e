/** Job `samples`: the first images of a dataset as pictures, as they are and as training sees them after one random draw. */
import { encode } from 'fast-png'
import { distinctColours, type Colour } from '../../core/palette.js'
import type { DataSettings } from '../../shared/config/settings.js'
import type { Answers, Sample as SamplePicture } from '../../shared/clientProtocol.js'
import { toAppError, type AppError } from '../../shared/errors.js'
import { samplesInput } from '../../shared/jobInputs.js'
import { augmentInto, drawAugmentation } from '../data/augment.js'
import type { Dataset, Sample } from '../data/dataset.js'
import { resizeImage, resizeMask } from '../data/images/resize.js'
import { loadSample } from '../data/loadSample.js'
import { normalisation } from '../data/normalisation.js'
import { openDataset } from '../data/openDataset.js'
import { maskPicture } from '../evaluate/overlays.js'
import { job } from '../job.js'

/** Pictures are shrunk so that no side is longer: they are looked at side by side. */
const longestSide = 512

export const samplesJob = job(samplesInput, async ({ data, seed, count }, { progress }): Promise<Answers['samples']> => {
  const dataset = await openDataset(data, seed, (done, of) => progress('Reading files', done, of))
  const colours = distinctColours(dataset.classes.map(({ colour }) => colour))
  const samples: SamplePicture[] = []
  let problem: AppError | undefined
  for (const reference of [...dataset.train, ...dataset.val]) {
    if (samples.length === count) break
    try {
      samples.push({ id: reference.id, ...picturesOf(loadSample(dataset, reference), colours, data, seed, samples.length) })
    } catch (error) {
      // A scan lists what cannot be read; here the next image stands in for it.
      problem ??= toAppError(error)
    }
    progress('Drawing samples', samples.length, Math.min(count, sizeOf(dataset)))
    await new Promise((resume) => setImmediate(resume))
  }
  if (samples.length === 0 && problem !== undefined) throw problem
  return { classes: dataset.classes.map(({ name }, label) => ({ name, colour: colours[label] })), samples }
})

function sizeOf({ train, val }: Dataset): number {
  return train.length + val.length
}

/** `height` and `width` are those of the image itself, before it is shrunk for looking. */
function picturesOf(sample: Sample, colours: Colour[], data: DataSettings, seed: number, index: number): Omit<SamplePicture, 'id'> {
  const drawn = augmented(sample, data, seed, index)
  const [seen, seenDrawn] = [shrunk(sample), shrunk(drawn)]
  return {
    height: sample.height,
    width: sample.width,
    image: png(seen, seen.image),
    truth: png(seen, maskPicture(seen.mask, colours)),
    augmentedImage: png(seenDrawn, seenDrawn.image),
    augmentedTruth: png(seenDrawn, maskPicture(seenDrawn.mask, colours))
  }
}

/** One crop as training takes it, with its colours brought back to 0..255. */
function augmented(sample: Sample, data: DataSettings, seed: number, index: number): Sample {
  const { cropHeight: height, cropWidth: width } = data
  const values = new Float32Array(height * width * 3)
  const mask = new Uint8Array(height * width)
  augmentInto(values, mask, 0, sample, data, drawAugmentation(data, sample, seed, 'samples', 0, index))
  const { mean, deviation } = normalisation
  const image = Uint8Array.from(values, (value, at) => Math.max(0, Math.min(255, Math.round((value * deviation[at % 3] + mean[at % 3]) * 255))))
  return { height, width, image, mask }
}

function shrunk({ height, width, image, mask }: Sample): Sample {
  const factor = Math.min(1, longestSide / Math.max(height, width))
  const to = { height: Math.max(1, Math.round(height * factor)), width: Math.max(1, Math.round(width * factor)) }
  return {
    ...to,
    image: resizeImage(image, height, width, to.height, to.width),
    mask: resizeMask(mask, height, width, to.height, to.width)
  }
}

/** As a data URI. */
function png({ height, width }: Sample, data: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(encode({ width, height, data, channels: 3, depth: 8 })).toString('base64')}`
}
