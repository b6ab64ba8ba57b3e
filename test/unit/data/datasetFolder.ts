/** Small datasets in temporary folders. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import jpeg from 'jpeg-js'
import { settingsSchema, type DataSettings } from '../../../src/shared/config/settings.js'
import { pngFile } from './pngFile.js'

export type Files = Record<string, string | Uint8Array>

/** Writes the files into a fresh folder named `name`, runs `use`, removes it. */
export async function withFolder<Result>(files: Files, use: (root: string) => Promise<Result> | Result, name = 'dataset'): Promise<Result> {
  const top = mkdtempSync(join(tmpdir(), 'cellscope-data-'))
  const root = join(top, name)
  try {
    mkdirSync(root)
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), content)
    }
    return await use(root)
  } finally {
    rmSync(top, { recursive: true })
  }
}

export function dataSettings(changes: Partial<DataSettings>): DataSettings {
  return { ...settingsSchema.parse({}).data, ...changes }
}

/** An 8 x 6 RGB picture; `shade` makes pictures differ. */
export function rgb(shade = 0, width = 8, height = 6): Buffer {
  return pngFile({
    width,
    height,
    colourType: 2,
    values: Array.from({ length: width * height * 3 }, (_, index) => (index * 7 + shade * 31) % 256)
  })
}

/** An 8 x 6 grey mask whose pixels all have `value`, or the values given. */
export function grey(values: number | number[], width = 8, height = 6): Buffer {
  return pngFile({
    width,
    height,
    colourType: 0,
    values: Array.isArray(values) ? values : Array.from({ length: width * height }, () => values)
  })
}

export function jpg(width = 8, height = 6): Buffer {
  const data = Buffer.alloc(width * height * 4, 120)
  return jpeg.encode({ width, height, data }, 90).data
}

/** A plain folder with three training and two validation images of two classes. */
export function plainFiles(): Files {
  return {
    'classes.json': JSON.stringify(['ground', 'thing']),
    'train/images/a.png': rgb(1),
    'train/masks/a.png': grey(0),
    'train/images/b.png': rgb(2),
    'train/masks/b.png': grey(1),
    'train/images/c.jpg': jpg(),
    'train/masks/c.png': grey(Array.from({ length: 48 }, (_, index) => index % 2)),
    'val/images/d.png': rgb(4),
    'val/masks/d.png': grey(255),
    'val/images/e.png': rgb(5),
    'val/masks/e.png': grey(1)
  }
}
