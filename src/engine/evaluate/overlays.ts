/**
 * Pictures of predictions, as PNG: the image, the truth, what teacher and student say, where they are wrong, and all side by side.
 * Classes have the dataset's colours where those can be told apart; ignored pixels are black.
 */
import { join } from 'node:path'
import { encode } from 'fast-png'
import { distinctColours } from '../../core/palette.js'
import type { Colour } from '../../core/palette.js'
import { makeFolders, writeFileAtomic } from '../../storage/atomicFile.js'
import { writeJsonFile } from '../../storage/jsonFile.js'
import type { OverlayIndex, OverlayPicture } from '../../storage/overlayIndex.js'
import type { DatasetClass, Sample } from '../data/dataset.js'

const ignored = 255

/** Colours of the error picture: okabe-ito, told apart by colour-blind eyes too. */
export const errorColours = {
  /** Only the student is wrong. */
  student: [213, 94, 0],
  /** Student and teacher are wrong. */
  both: [204, 121, 167],
  /** Only the teacher is wrong. */
  teacher: [86, 180, 233]
} as const satisfies Record<string, Colour>

export interface OverlaySample extends Sample {
  id: string
  /** Predicted classes, [height * width]. */
  teacher?: Uint8Array
  student: Uint8Array
}

/** Writes the pictures of all samples and overlays.json into `folder` (made if missing) and returns what overlays.json says. */
export function writeOverlays(folder: string, classes: readonly DatasetClass[], samples: Iterable<OverlaySample>): OverlayIndex {
  makeFolders(folder)
  const colours = distinctColours(classes.map((entry) => entry.colour))
  const index: OverlayIndex = { version: 1, classes: classes.map(({ name }, label) => ({ name, colour: colours[label] })), pictures: [] }
  for (const sample of samples) {
    const name = `${String(index.pictures.length + 1).padStart(3, '0')}-${sample.id.replace(/[^A-Za-z0-9_-]+/g, '_').slice(-60)}`
    index.pictures.push(writePictures(folder, name, sample, colours))
  }
  writeJsonFile(join(folder, 'overlays.json'), index)
  return index
}

function writePictures(folder: string, name: string, sample: OverlaySample, colours: Colour[]): OverlayPicture {
  const { height, width, image, mask, teacher, student } = sample
  const pictures: Record<string, Uint8Array> = { image, truth: maskPicture(mask, colours) }
  if (teacher) pictures.teacher = maskPicture(teacher, colours)
  pictures.student = maskPicture(student, colours)
  pictures.error = errorPicture(sample)
  const save = (kind: string, data: Uint8Array, columns: number): string => {
    const file = `${name}-${kind}.png`
    writeFileAtomic(join(folder, file), encode({ width: columns, height, data, channels: 3, depth: 8 }))
    return file
  }
  const files: OverlayPicture['files'] = {
    image: save('image', pictures.image, width),
    truth: save('truth', pictures.truth, width),
    student: save('student', pictures.student, width),
    error: save('error', pictures.error, width),
    sheet: save('sheet', sideBySide(Object.values(pictures), height, width), sheetWidth(Object.keys(pictures).length, width))
  }
  if (pictures.teacher) files.teacher = save('teacher', pictures.teacher, width)
  return { id: sample.id, height, width, files }
}

/** RGB [height, width, 3] of a mask. */
export function maskPicture(mask: Uint8Array, colours: readonly Colour[]): Uint8Array {
  const picture = new Uint8Array(mask.length * 3)
  for (let index = 0; index < mask.length; index++) if (mask[index] !== ignored) picture.set(colours[mask[index]], index * 3)
  return picture
}

/** RGB [height, width, 3]: the image in dim grey, wrong pixels in the colour of who is wrong, ignored pixels black. */
export function errorPicture({ image, mask, teacher, student }: OverlaySample): Uint8Array {
  const picture = new Uint8Array(mask.length * 3)
  for (let index = 0; index < mask.length; index++) {
    if (mask[index] === ignored) continue
    const studentErrs = student[index] !== mask[index]
    const teacherErrs = teacher !== undefined && teacher[index] !== mask[index]
    if (studentErrs) picture.set(teacherErrs ? errorColours.both : errorColours.student, index * 3)
    else if (teacherErrs) picture.set(errorColours.teacher, index * 3)
    else picture.fill(dimGrey(image, index), index * 3, index * 3 + 3)
  }
  return picture
}

function dimGrey(image: Uint8Array, index: number): number {
  return 24 + 0.35 * (0.299 * image[index * 3] + 0.587 * image[index * 3 + 1] + 0.114 * image[index * 3 + 2])
}

const gap = 4

function sheetWidth(count: number, width: number): number {
  return count * (width + gap) - gap
}

/** RGB pictures of one size in a row, with white gaps. */
function sideBySide(pictures: Uint8Array[], height: number, width: number): Uint8Array {
  const columns = sheetWidth(pictures.length, width)
  const sheet = new Uint8Array(height * columns * 3).fill(255)
  pictures.forEach((picture, place) => {
    for (let y = 0; y < height; y++) {
      sheet.set(picture.subarray(y * width * 3, (y + 1) * width * 3), (y * columns + place * (width + gap)) * 3)
    }
  })
  return sheet
}
