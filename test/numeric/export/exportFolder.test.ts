/** The folder that people take away: written whole, compared, and run without our code. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decode, encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomStream } from '../../../src/core/random.js'
import { resizeImage } from '../../../src/engine/data/images/resize.js'
import { renderStreetScene } from '../../../src/engine/data/streets/renderStreetScene.js'
import { exportFolder, scriptDependencies } from '../../../src/engine/export/exportFolder.js'
import type { ExportFolderOptions } from '../../../src/engine/export/exportFolder.js'
import type { ParityReport } from '../../../src/engine/export/parity.js'
import { tf } from '../../../src/engine/tensor/tf.js'
import { AppError } from '../../../src/shared/errors.js'
import { readSafetensors } from '../../../src/storage/safetensors.js'
import { tinyArchitecture, tinySize } from './tinyArchitecture.js'
import { forward, tinyWeights } from './tinyNetwork.js'

const repository = fileURLToPath(new URL('../../..', import.meta.url))
const normalisation = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] }
const weights = tinyWeights()
const classes = ['road', 'sky', 'building', 'car', 'person'].map((name, index) => ({ name, colour: [index * 40, 255 - index * 30, index] }))

/** A scene of the built-in streets, RGB [height, width, 3]. */
function scene(height: number, width: number): Uint8Array {
  return renderStreetScene({ kind: 'street', seed: 1, scene: 1, weather: 'clear', height, width }).image
}

/** As the network takes it: normalised, [1, H, W, 3], zeros where the picture ends. */
function networkInput(rgb: Uint8Array, height: number, width: number): Float32Array {
  const input = new Float32Array(tinySize.height * tinySize.width * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        const value = rgb[(y * width + x) * 3 + channel] / 255
        input[(y * tinySize.width + x) * 3 + channel] = (value - normalisation.mean[channel]) / normalisation.deviation[channel]
      }
    }
  }
  return input
}

let folder = ''
let parent = ''

function options(changes: Partial<ExportFolderOptions> = {}): ExportFolderOptions {
  const image = networkInput(scene(tinySize.height, tinySize.width), tinySize.height, tinySize.width)
  return {
    architecture: tinyArchitecture,
    weights,
    classes,
    normalisation,
    size: tinySize,
    folder,
    sampleImages: [{ name: 'scene 1', image }],
    reference: (input) => forward(weights, input),
    ...changes
  }
}

beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'cellscope-export-'))
  folder = join(parent, 'exports', 'student')
})

afterAll(() => {
  rmSync(parent, { recursive: true })
})

/** The mask that our own network gives for the top left height x width pixels. */
function expectedMask(rgb: Uint8Array, height: number, width: number): Uint8Array {
  const logits = forward(weights, networkInput(rgb, height, width))
  const mask = new Uint8Array(height * width)
  for (let index = 0; index < mask.length; index++) {
    const start = (Math.floor(index / width) * tinySize.width + (index % width)) * classes.length
    const values = logits.subarray(start, start + classes.length)
    mask[index] = values.indexOf(Math.max(...values))
  }
  return mask
}

function agreement(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  return Array.from(a).filter((value, index) => value === b[index]).length / a.length
}

describe('exportFolder', () => {
  it('writes every file and says how close each format is, without leaking a tensor', async () => {
    const prepared = options()
    forward(weights, prepared.sampleImages[0].image) // Constants that the kernels keep for ever are made now.
    const tensorsBefore = tf.memory().numTensors
    const exported = await exportFolder(prepared)
    expect(tf.memory().numTensors).toBe(tensorsBefore)
    expect(exported.map(({ format, path }) => [format, path])).toEqual([['onnx', 'model.onnx'], ['tfjs-graph-model', 'tfjs/model.json']])
    for (const { path, argmaxAgreement } of exported) {
      expect(existsSync(join(folder, path))).toBe(true)
      expect(argmaxAgreement).toBeGreaterThan(0.999)
    }
    expect(readdirSync(folder)).toEqual(
      ['README.md', 'architecture.json', 'classes.json', 'model.onnx', 'normalisation.json', 'package.json', 'parity.json', 'run.mjs', 'run.py', 'tfjs', 'weights.safetensors']
    )
    expect(readdirSync(join(parent, 'exports'))).toEqual(['student'])
    const parity = JSON.parse(readFileSync(join(folder, 'parity.json'), 'utf8')) as ParityReport
    expect(parity.models.map((model) => model.images[0].name)).toEqual(['scene 1', 'scene 1'])
    expect(Math.max(...parity.models.map((model) => model.largestRelativeDifference))).toBeLessThan(1e-5)
    const stored = readSafetensors(join(folder, 'weights.safetensors')).tensors
    expect([...stored.keys()].sort()).toEqual([...weights.keys()].sort())
    expect(stored.get('stem.0.weight')?.data).toEqual(weights.get('stem.0.weight')?.data)
  })

  it('replaces an earlier export, but nothing else', async () => {
    await exportFolder(options({ architecture: { ...tinyArchitecture, name: 'second' } }))
    expect(JSON.parse(readFileSync(join(folder, 'architecture.json'), 'utf8'))).toMatchObject({ name: 'second' })
    const foreign = join(parent, 'holiday')
    mkdirSync(foreign)
    writeFileSync(join(foreign, 'photo.txt'), 'keep me')
    await expect(exportFolder(options({ folder: foreign }))).rejects.toMatchObject({ code: 'file.exists' })
    expect(readdirSync(foreign)).toEqual(['photo.txt'])
  })

  it('refuses an export that computes something else and leaves nothing of it', async () => {
    const target = join(parent, 'wrong', 'student')
    const other = tinyWeights(2)
    const attempt = exportFolder(options({ folder: target, reference: (input) => forward(other, input) }))
    await expect(attempt).rejects.toThrow(/The onnx file, re-opened in onnxruntime .* differs from the network on scene 1/)
    await expect(attempt).rejects.toBeInstanceOf(AppError)
    expect(readdirSync(join(parent, 'wrong'))).toEqual([])
  })

  it('names the versions of the packages that it was tested with', () => {
    const { dependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { dependencies: Record<string, string> }
    expect(dependencies).toMatchObject(scriptDependencies)
  })
})

describe('run.mjs of an exported folder', () => {
  beforeAll(async () => {
    await exportFolder(options())
    // Stands for `npm install` in the folder: the packages that its package.json names, and nothing of ours.
    symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'))
  })

  /** Runs the script as a person would, in another folder and another process; returns the mask it wrote. */
  function run(png: Uint8Array): ReturnType<typeof decode> {
    const elsewhere = mkdtempSync(join(parent, 'elsewhere-'))
    writeFileSync(join(elsewhere, 'image.png'), png)
    execFileSync(process.execPath, [join(folder, 'run.mjs'), 'image.png', 'mask.png'], { cwd: elsewhere, env: {} })
    return decode(readFileSync(join(elsewhere, 'mask.png')))
  }

  it('has no trace of our code', () => {
    expect(readFileSync(join(folder, 'run.mjs'), 'utf8').match(/from '([^']+)'/g)).toEqual(
      ["from 'node:fs'", "from 'node:url'", "from 'fast-png'", "from 'onnxruntime-node'"]
    )
  })

  it('gives the same mask as our network', () => {
    const { height, width } = tinySize
    const rgb = scene(height, width)
    const mask = run(encode({ width, height, data: rgb, channels: 3 }))
    expect(mask.palette).toEqual(classes.map(({ colour }) => colour))
    expect(new Set(mask.data).size).toBe(classes.length)
    expect(agreement(mask.data, expectedMask(rgb, height, width))).toBeGreaterThan(0.9995)
  })

  it('pads a picture that is a little smaller and cuts the mask back', () => {
    const [height, width] = [200, 150]
    const rgb = scene(height, width)
    const mask = run(encode({ width, height, data: rgb, channels: 3 }))
    expect([mask.height, mask.width]).toEqual([height, width])
    expect(agreement(mask.data, expectedMask(rgb, height, width))).toBeGreaterThan(0.9995)
  })

  it('scales any other picture as the dataset reader does, and the mask back', () => {
    const [height, width] = [150, 301]
    const rgb = scene(height, width)
    const mask = run(encode({ width, height, data: rgb, channels: 3 }))
    const scaled = resizeImage(rgb, height, width, tinySize.height, tinySize.width)
    const small = expectedMask(scaled, tinySize.height, tinySize.width)
    const expected = Array.from({ length: height * width }, (_, index) => {
      const y = Math.floor(((Math.floor(index / width) + 0.5) * tinySize.height) / height)
      const x = Math.floor((((index % width) + 0.5) * tinySize.width) / width)
      return small[y * tinySize.width + x]
    })
    expect(agreement(mask.data, expected)).toBeGreaterThan(0.999)
  })

  it.each(['grey', 'transparent', '16 bit', 'palette'])('reads a %s PNG', (kind) => {
    const { height, width } = tinySize
    const random = randomStream(1, kind)
    const grey = Uint8Array.from({ length: height * width }, () => random.integer(256))
    const rgb = Uint8Array.from({ length: height * width * 3 }, (_, index) => grey[Math.floor(index / 3)])
    const pngs: Record<string, () => Uint8Array> = {
      'grey': () => encode({ width, height, data: grey, channels: 1 }),
      'transparent': () => encode({ width, height, channels: 4, data: Uint8Array.from({ length: grey.length * 4 }, (_, index) => (index % 4 < 3 ? grey[index >> 2] : 128)) }),
      '16 bit': () => encode({ width, height, channels: 3, depth: 16, data: Uint16Array.from(rgb, (value) => value * 257) }),
      'palette': () => encode({ width, height, channels: 1, depth: 8, data: grey, palette: Array.from({ length: 256 }, (_, value) => [value, value, value]) })
    }
    expect(agreement(run(pngs[kind]()).data, expectedMask(rgb, height, width))).toBeGreaterThan(0.999)
  })
})
