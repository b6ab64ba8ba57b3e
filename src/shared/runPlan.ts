/** What a run does from its start to its end; stands in the manifest as `job`, and the pipeline takes its stages from it. */
export const runJobs = [
  /** Everything: latency, search, derivation, training, evaluation, export, report. */
  'run',
  /** Up to the derived architectures. */
  'search',
  /** Training, evaluation, export and report of a given network: inputs/student.json, and inputs/teacher.json where there is distillation. */
  'train'
] as const

export type RunJob = (typeof runJobs)[number]
