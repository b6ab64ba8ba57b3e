/** The pictures of predictions of a run: overlays.json lists them, the PNG files lie beside it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../shared/errors.js'
import { pictureKinds } from '../shared/report.js'
import type { ReportPicture } from '../shared/report.js'
import { firstIssue } from './checkpointManifest.js'
import { readJsonFile } from './jsonFile.js'
import { readBytes } from './readBytes.js'

/** A name in the folder and nothing that leads out of it. */
const fileName = z.string().regex(/^[\w-]+\.png$/)
const side = z.number().int().positive()
const channel = z.number().int().min(0).max(255)

const pictureSchema = z.object({
  id: z.string(),
  height: side,
  width: side,
  files: z.object({
    image: fileName,
    truth: fileName,
    teacher: fileName.exactOptional(),
    student: fileName,
    error: fileName,
    sheet: fileName
  })
})

const indexSchema = z.object({
  version: z.literal(1),
  classes: z.array(z.object({ name: z.string(), colour: z.tuple([channel, channel, channel]) })),
  pictures: z.array(pictureSchema)
})

/** overlays.json: what pictures there are; paths are relative to its folder. */
export type OverlayIndex = z.infer<typeof indexSchema>
export type OverlayPicture = z.infer<typeof pictureSchema>

/** What overlays.json in `folder` says; undefined where there is none. Throws file.format. */
export function readOverlayIndex(folder: string): OverlayIndex | undefined {
  const file = join(folder, 'overlays.json')
  if (!existsSync(file)) return undefined
  const checked = indexSchema.safeParse(readJsonFile(file))
  if (checked.success) return checked.data
  throw new AppError('file.format', `${file}: expected a list of pictures, found: ${firstIssue(checked.error)}.`)
}

/** One picture with its PNG files as data URIs. Throws file.not-found. */
export function readOverlayPicture(folder: string, { id, height, width, files }: OverlayPicture): ReportPicture {
  const sources: ReportPicture['sources'] = {}
  for (const kind of pictureKinds) {
    const name = files[kind]
    if (name !== undefined) sources[kind] = `data:image/png;base64,${Buffer.from(readBytes(join(folder, name))).toString('base64')}`
  }
  return { id, height, width, sources }
}
