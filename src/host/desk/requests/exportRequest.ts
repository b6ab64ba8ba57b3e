/** Writing a trained network or the report of a run, where a person wants it or into the run's own exports folder. */
import { existsSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { ExportAnswer, RequestInput } from '../../../shared/clientProtocol.js'
import { makeFolders } from '../../../storage/atomicFile.js'
import type { RunFolder } from '../../../storage/runFolder.js'
import { refuseForeignTarget } from '../browserLimits.js'
import { exportsFolder } from '../exportsFolder.js'
import { readExportAnswer } from '../jobAnswers.js'
import { filesBelow } from '../filesBelow.js'
import type { AskedRequest, RequestHandlers } from '../requestHandler.js'

type ExportInput = RequestInput<'exportModel'>

export const exportRequest: Pick<RequestHandlers, 'exportModel'> = {
  async exportModel(asked, input): Promise<ExportAnswer> {
    if (input.out !== null) refuseForeignTarget(asked, input.out)
    const run = asked.openRun(input.run)
    const out = input.out ?? freshPath(run, input)
    const written = await write(asked, run, input, out)
    const inBrowser = asked.options.shell === 'browser'
    return {
      path: out,
      files: filesBelow(out).map(({ name, path }) => ({ name, bytes: statSync(path).size })),
      ...written,
      download: inBrowser ? `/download/${encodeURIComponent(input.run)}/${encodeURIComponent(basename(out))}` : null
    }
  }
}

async function write(
  { runJob }: AskedRequest,
  run: RunFolder,
  { network, format }: ExportInput,
  out: string
): Promise<Pick<ExportAnswer, 'largestDifference' | 'argmaxAgreement' | 'text'>> {
  if (format === 'report') {
    await runJob('report', { run: run.path, out })
    return { largestDifference: null, argmaxAgreement: null, text: 'The report was written; it needs no other file.' }
  }
  const { height, width } = run.manifest.settings.latency
  return readExportAnswer(await runJob('export', { model: run.path, network, weights: { kind: 'trained' }, format, height, width, compare: true, out }))
}

const endings: Record<ExportInput['format'], string> = { onnx: '.onnx', tfjs: '-tfjs', safetensors: '.safetensors', folder: '', report: '.html' }

/** The first name that nothing has yet, such as `student-2.onnx`. */
function freshPath(run: RunFolder, { network, format }: ExportInput): string {
  const folder = join(run.path, exportsFolder)
  makeFolders(folder)
  const base = format === 'report' ? 'report' : network
  for (let number = 1; ; number++) {
    const path = join(folder, `${base}${number === 1 ? '' : `-${number}`}${endings[format]}`)
    if (!existsSync(path)) return path
  }
}
