import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decode } from 'fast-png'
import { errorColours, writeOverlays } from '../../../../src/engine/evaluate/overlays.js'
import type { DatasetClass } from '../../../../src/engine/data/dataset.js'

let folder: string
beforeEach(() => { folder = join(mkdtempSync(join(tmpdir(), 'overlays-')), 'pictures 图') })
afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

const classes: DatasetClass[] = [
  { name: 'road', colour: [128, 64, 128] },
  { name: 'pole', colour: [192, 192, 128] }
]
const sample = {
  id: 'val/../a b é',
  height: 1,
  width: 5,
  image: Uint8Array.from({ length: 15 }, (_, index) => index * 10),
  mask: Uint8Array.of(0, 0, 1, 1, 255),
  teacher: Uint8Array.of(0, 1, 1, 0, 0),
  student: Uint8Array.of(0, 0, 0, 0, 1)
}

function pixels(file: string): number[][] {
  const { data, channels } = decode(readFileSync(join(folder, file)))
  return Array.from({ length: data.length / channels }, (_, index) => Array.from(data.subarray(index * channels, index * channels + 3)))
}

describe('overlays', () => {
  it('shows truth and predictions in class colours, errors in the colour of who is wrong', () => {
    const { pictures: [{ files }] } = writeOverlays(folder, classes, [sample])
    const road = [128, 64, 128]
    const pole = [192, 192, 128]
    expect(pixels(files.truth)).toEqual([road, road, pole, pole, [0, 0, 0]])
    expect(pixels(files.student)).toEqual([road, road, road, road, pole])
    expect(pixels(files.teacher ?? '')).toEqual([road, pole, pole, road, road])
    const error = pixels(files.error)
    expect(error[0][0]).toBe(error[0][1])
    expect(error.slice(1)).toEqual([errorColours.teacher, errorColours.student, errorColours.both, [0, 0, 0]].map((colour) => [...colour]))
    expect(pixels(files.image).flat()).toEqual(Array.from(sample.image))
  })

  it('puts image, truth, teacher, student and error side by side', () => {
    const { pictures: [{ files }] } = writeOverlays(folder, classes, [sample])
    const sheet = pixels(files.sheet)
    const one = ['image', 'truth', 'teacher', 'student', 'error'] as const
    expect(sheet.length).toBe(5 * 5 + 4 * 4)
    one.forEach((kind, place) => expect(sheet.slice(place * 9, place * 9 + 5)).toEqual(pixels(files[kind] ?? '')))
    expect(sheet.slice(5, 9)).toEqual(Array.from({ length: 4 }, () => [255, 255, 255]))
  })

  it('writes an index that names every file, with names that are safe everywhere', () => {
    const { teacher: _, ...alone } = sample
    const index = writeOverlays(folder, classes, [sample, alone])
    expect(JSON.parse(readFileSync(join(folder, 'overlays.json'), 'utf8'))).toEqual(index)
    const named = index.pictures.flatMap((picture) => Object.values(picture.files))
    expect(named.length).toBe(6 + 5)
    expect(readdirSync(folder).sort()).toEqual([...named, 'overlays.json'].sort())
    named.forEach((name) => expect(name).toMatch(/^[0-9]{3}-[A-Za-z0-9_-]+\.png$/))
  })
})
