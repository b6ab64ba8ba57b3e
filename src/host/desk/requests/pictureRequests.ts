/** The pictures of predictions of a run. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.js'
import { pictureKinds } from '../../../shared/report.js'
import { readJsonFile } from '../../../storage/jsonFile.js'
import { readOverlayIndex, readOverlayPicture } from '../../../storage/overlayIndex.js'
import { overlaysFolder } from '../../../storage/runDescription.js'
import type { RunFolder } from '../../../storage/runFolder.js'
import type { RequestHandlers } from '../requestHandler.js'

export const pictureRequests: Pick<RequestHandlers, 'listPictures' | 'readPicture'> = {
  listPictures({ openRun }, { run: name }) {
    const run = openRun(name)
    const index = readOverlayIndex(join(run.outputsPath, overlaysFolder))
    if (index === undefined) return { classes: [], pictures: [] }
    const scores = studentScores(run)
    const pictures = index.pictures.map(({ id, height, width, files }) => ({
      id,
      height,
      width,
      kinds: pictureKinds.filter((kind) => files[kind] !== undefined),
      studentMeanIoU: scores.get(id) ?? null
    }))
    return { classes: index.classes, pictures: pictures.sort((a, b) => (a.studentMeanIoU ?? 2) - (b.studentMeanIoU ?? 2)) }
  },

  readPicture({ openRun }, { run: name, id }) {
    const folder = join(openRun(name).outputsPath, overlaysFolder)
    const picture = readOverlayIndex(folder)?.pictures.find((each) => each.id === id)
    if (picture === undefined) throw new AppError('file.not-found', `Run ${name} has no picture ${JSON.stringify(id)}.`)
    return readOverlayPicture(folder, picture)
  }
}

const evaluationSchema = z.object({ images: z.array(z.object({ id: z.string(), meanIoU: z.number() })) })

/** The student's mean IoU on each image that it was judged on, by the image's id. */
function studentScores(run: RunFolder): Map<string, number> {
  const file = join(run.outputsPath, 'networks', 'student', 'evaluation.json')
  const evaluation = existsSync(file) ? evaluationSchema.safeParse(readJsonFile(file)) : undefined
  return new Map(evaluation?.data?.images.map(({ id, meanIoU }) => [id, meanIoU]))
}
