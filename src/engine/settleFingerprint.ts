/** What the bits of a result depend on is written down once and compared on every resume (reliability, P2). */
import { AppError } from '../shared/errors.js'
import type { Fingerprint } from '../shared/protocol.js'
import type { RunFolder } from '../storage/runFolder.js'

/**
 * Writes the fingerprint into the manifest of a new run; compares it on a resume at checkpoint `position`.
 * @throws AppError `settings.fingerprint` that names each difference, unless the person accepted an inexact continuation, which is noted
 */
export function settleFingerprint(run: RunFolder, found: Fingerprint, position: number, acceptInexact: boolean): void {
  const { fingerprint, inexactFrom } = run.manifest
  if (fingerprint === null || position === 0) {
    if (JSON.stringify(fingerprint) !== JSON.stringify(found)) run.updateManifest({ fingerprint: found })
    return
  }
  const last = inexactFrom[inexactFrom.length - 1]?.fingerprint ?? fingerprint
  const differences = (Object.keys(found) as (keyof Fingerprint)[]).filter((key) => last[key] !== found[key])
  if (differences.length === 0) return
  if (!acceptInexact) {
    const list = differences.map((key) => `${key} was ${last[key]} and is ${found[key]}`)
    throw new AppError('settings.fingerprint', `Run ${run.manifest.name} would not go on exactly: ${list.join(', ')}.`)
  }
  run.updateManifest({ inexactFrom: [...inexactFrom, { position, fingerprint: found }] })
}
