/** Opens a dataset: recognises the layout, pairs images with masks, draws a validation split where there is none, takes the digest. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, isAbsolute, join, resolve } from 'node:path'
import { randomStream } from '../../core/random.js'
import type { DataSettings } from '../../shared/config/settings.js'
import { AppError } from '../../shared/errors.js'
import { ignoreLabel, type Dataset, type SampleReference } from './dataset.js'
import { readCamvid, recognisesCamvid } from './readers/camvid.js'
import { readCityscapes, recognisesCityscapes } from './readers/cityscapes.js'
import type { FoundPair, FoundPairs } from './readers/foundPairs.js'
import { readPlainFolder, recognisesPlainFolder } from './readers/plainFolder.js'
import { readVoc, recognisesVoc } from './readers/voc.js'
import { openStreets } from './streets/openStreets.js'

/** Share of the training images that becomes the validation split where a folder has none. */
const drawnValFraction = 0.2

type FolderLayout = Exclude<DataSettings['layout'], 'auto'>

const readers: Record<FolderLayout, { recognises: (root: string) => boolean; read: (root: string) => FoundPairs }> = {
  cityscapes: { recognises: recognisesCityscapes, read: readCityscapes },
  voc: { recognises: recognisesVoc, read: readVoc },
  camvid: { recognises: recognisesCamvid, read: readCamvid },
  folder: { recognises: recognisesPlainFolder, read: readPlainFolder }
}

/**
 * Reads every file once for the digest, and decodes none: `scanDataset` does that. `onProgress` gets files done and files in all.
 * Throws data.not-found, data.unknown-layout, data.classes or data.empty-split.
 */
export async function openDataset(settings: DataSettings, seed: number, onProgress?: (done: number, of: number) => void): Promise<Dataset> {
  if (settings.source === 'streets') return openStreets(settings, seed)
  const root = resolve(settings.source)
  if (!existsSync(root)) throw new AppError('data.not-found', `${settings.source}: expected a folder with images, found nothing`)
  if (!statSync(root).isDirectory()) throw new AppError('data.not-found', `${settings.source}: expected a folder with images, found a file`)
  const layout = settings.layout === 'auto' ? recognise(root, settings.source) : settings.layout
  const { classes, maskCoding, ...found } = readers[layout].read(root)
  for (const pair of [...found.train, ...(found.val ?? [])]) refuseOutside(pair)
  const notes: string[] = []
  if (found.train.length === 0)
    throw new AppError('data.empty-split', `${settings.source}: expected images in the training split, found none (layout ${layout})`)
  const { train, val } = found.val === null ? drawVal(found.train, seed, notes) : { train: found.train, val: found.val }
  if (train.length === 0)
    throw new AppError('data.empty-split', `${settings.source}: expected at least 2 images to draw a validation split from, found 1`)
  if (val.length === 0)
    throw new AppError('data.empty-split', `${settings.source}: expected images in the validation split, found none (layout ${layout})`)
  const hash = createHash('sha256').update(JSON.stringify({ layout, classes, maskCoding, height: settings.height, width: settings.width }))
  const all = train.length + val.length
  const references = async (pairs: FoundPair[], split: string, before: number): Promise<SampleReference[]> => {
    const list: SampleReference[] = []
    for (const pair of pairs) {
      const image = fingerprint(root, pair.image)
      const mask = pair.mask === '' ? { bytes: 0, hash: '' } : fingerprint(root, pair.mask)
      hash.update(JSON.stringify([split, pair.id, pair.image, image.bytes, image.hash, pair.mask, mask.bytes, mask.hash]))
      list.push({ id: pair.id, source: { kind: 'files', image: pair.image, mask: pair.mask, imageHash: image.hash, maskHash: mask.hash } })
      onProgress?.(before + list.length, all)
      if (list.length % 64 === 0) await new Promise((done) => setImmediate(done))
    }
    return list
  }
  const trainReferences = await references(train, 'train', 0)
  const valReferences = await references(val, 'val', train.length)
  return {
    name: basename(root),
    layout,
    root,
    classes,
    ignoreLabel,
    maskCoding,
    height: settings.height,
    width: settings.width,
    train: trainReferences,
    val: valReferences,
    notes,
    digest: hash.digest('hex')
  }
}

function recognise(root: string, source: string): FolderLayout {
  const layout = (Object.keys(readers) as FolderLayout[]).find((name) => readers[name].recognises(root))
  if (layout) return layout
  throw new AppError(
    'data.unknown-layout',
    `${source}: expected the folders of Cityscapes, Pascal VOC or CamVid, or images and masks with a classes.json, found none of them`
  )
}

function drawVal(pairs: FoundPair[], seed: number, notes: string[]): { train: FoundPair[]; val: FoundPair[] } {
  const count = Math.max(1, Math.round(pairs.length * drawnValFraction))
  const drawn = new Set(randomStream(seed, 'data/val-split').permutation(pairs.length).slice(0, count))
  notes.push(`The dataset has no validation split: ${count} of its ${pairs.length} images were drawn for it with seed ${seed}.`)
  return { train: pairs.filter((_, index) => !drawn.has(index)), val: pairs.filter((_, index) => drawn.has(index)) }
}

/** A list file comes with the images, from anywhere, and must not name what lies elsewhere on this machine. */
function refuseOutside({ image, mask }: FoundPair): void {
  for (const path of [image, mask]) {
    if (isAbsolute(path) || path.split(/[\\/]/).includes('..'))
      throw new AppError('data.bad-image', `${path}: expected a path inside the dataset's folder, found one that leads out of it`)
  }
}

function fingerprint(root: string, file: string): { bytes: number; hash: string } {
  if (!existsSync(join(root, file))) return { bytes: 0, hash: '' }
  const bytes = readFileSync(join(root, file))
  return { bytes: bytes.length, hash: createHash('sha256').update(bytes).digest('hex') }
}
