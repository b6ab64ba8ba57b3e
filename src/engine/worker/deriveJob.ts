/** Job `derive`: the architecture that a search stood for, at its end or at an earlier step, out of its journal. */
import { dirname } from 'node:path'
import { deriveArchitecture } from '../../core/derive.js'
import type { Architecture, Scale } from '../../shared/architecture.js'
import { AppError } from '../../shared/errors.js'
import type { RunEvent } from '../../shared/events.js'
import { deriveInput } from '../../shared/jobInputs.js'
import { makeFolders, writeFileAtomic } from '../../storage/atomicFile.js'
import { visitJournal } from '../../storage/readJournal.js'
import { RunFolder } from '../../storage/runFolder.js'
import { job } from '../job.js'

type ArchitectureEvent = RunEvent & { type: 'architecture' }

interface Found {
  event: ArchitectureEvent | undefined
  /** What the run itself derived, for its branches and classes. */
  derived: Architecture | undefined
  steps: number[]
}

export const deriveJob = job(deriveInput, ({ run: folder, variant: wanted, step, network, out }) => {
  const run = RunFolder.open(folder)
  const { search, space, latency } = run.manifest.settings
  const searched = search.latencyTerm === 'both' ? ['decoupled', 'joint'] : [search.latencyTerm]
  const variant = wanted === '' ? searched[0] : wanted
  if (!searched.includes(variant)) {
    throw new AppError('settings.invalid-value', `Run ${run.manifest.name} has no ${JSON.stringify(variant)} search.`, {
      hint: `It has ${searched.join(' and ')}; choose with --variant.`
    })
  }
  const { event, derived, steps } = find(run, variant, network, step)
  if (event === undefined) throw nothingFound(run, variant, step, steps)
  if (derived === undefined) {
    throw new AppError(
      'run.incomplete',
      `Run ${run.manifest.name} has not derived the ${network} of its ${variant} search yet, so its branches are not chosen.`
    )
  }
  const architecture = deriveArchitecture({ ...space, classes: derived.classes }, event[network], {
    finalScales: derived.branches.map(({ finalScale }): Scale => finalScale),
    rules: 'ours',
    forbidSkip: network === 'teacher',
    stemWidth: derived.stemWidth,
    name: network
  })
  makeFolders(dirname(out))
  writeFileAtomic(out, `${JSON.stringify(architecture, null, 2)}\n`)
  return Promise.resolve({ out, variant, step: event.step, size: { height: latency.height, width: latency.width } })
})

function find(run: RunFolder, variant: string, network: string, step: number | null): Found {
  const found: Found = { event: undefined, derived: undefined, steps: [] }
  visitJournal(run.journalPath, 1, (entry) => {
    if (entry.type === 'derived' && entry.variant === variant && entry.network === network) found.derived = entry.architecture
    if (entry.type !== 'architecture' || entry.variant !== variant) return
    found.steps.push(entry.step)
    if (step === null || entry.step === step) found.event = entry
  })
  return found
}

function nothingFound(run: RunFolder, variant: string, step: number | null, steps: number[]): AppError {
  const { name } = run.manifest
  if (steps.length === 0) return new AppError('run.incomplete', `Run ${name} has no step of a ${variant} search yet.`)
  return new AppError('settings.invalid-value', `Run ${name} has no step ${step} of its ${variant} search.`, {
    hint: `Its journal has the architecture of ${steps.length} steps: ${shortList(steps)}.`
  })
}

/** A long search records its architecture at evenly spaced steps only, so the first few show the distance. */
function shortList(steps: readonly number[]): string {
  return steps.length <= 6 ? steps.join(', ') : `${steps.slice(0, 4).join(', ')}, ... ${steps[steps.length - 1]}`
}
