/**
 * A run on disk. One folder holds all of it:
 *
 *   manifest.json    what the run is          journal.ndjson   what happened
 *   inputs/          never change             checkpoints/     where it can go on, LATEST names the newest
 *   outputs/         what people take away    pulse.ndjson     what the clock said; outside the digest
 */
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import type { Settings } from '../shared/config/settings.js'
import { AppError } from '../shared/errors.js'
import type { Pulse } from '../shared/events.js'
import { makeFolders, removeTree, strayPrefix, writeAll, writeFileAtomic } from './atomicFile.js'
import { CheckpointStore, type Checkpoint } from './checkpointStore.js'
import { disk } from './disk.js'
import { faultPoint } from './fault.js'
import { Journal } from './journal.js'
import { writeJsonFile } from './jsonFile.js'
import { readBytes } from './readBytes.js'
import { readRunManifest, runManifestVersion, type RunInput, type RunManifest } from './runManifest.js'
import { sha256 } from './sha256.js'
import { kindOf, named } from './storageError.js'

export type { RunInput, RunManifest } from './runManifest.js'

export interface NewRun {
  name: string
  /** The command that starts it, such as `run` or `search`. */
  job: string
  settings: Settings
  datasetDigest?: string
  /** ISO 8601, for people; default now. */
  createdAt?: string
}

/** Everything open for the run's one writer, the journal standing exactly where the checkpoint was taken. */
export interface RunWork {
  journal: Journal
  checkpoints: CheckpointStore
  /** Undefined when the run has no checkpoint yet: it begins at step 0 with an empty journal. */
  checkpoint: Checkpoint | undefined
}

export class RunFolder {
  private constructor(
    readonly path: string,
    private current: RunManifest
  ) {}

  /** Makes a new run; the folder appears whole or not at all. Throws run.exists, disk.full, file.write. */
  static create(folder: string, run: NewRun): RunFolder {
    if (kindOf(folder) !== 'none') throw new AppError('run.exists', `A run ${JSON.stringify(run.name)} exists already in ${folder}.`)
    const manifest: RunManifest = {
      version: runManifestVersion,
      id: randomUUID(),
      name: run.name,
      job: run.job,
      settings: run.settings,
      datasetDigest: run.datasetDigest ?? null,
      fingerprint: null,
      latencyTable: null,
      targetLatencyMs: null,
      inputs: {},
      inexactFrom: [],
      createdAt: run.createdAt ?? new Date().toISOString()
    }
    const beside = path.join(path.dirname(folder), strayPrefix + path.basename(folder))
    named('writing', folder, () => {
      makeFolders(path.dirname(folder))
      removeTree(beside)
      disk.makeFolder(beside)
      for (const inner of ['inputs', 'outputs', 'checkpoints']) disk.makeFolder(path.join(beside, inner))
      writeJsonFile(path.join(beside, 'manifest.json'), manifest)
      faultPoint('run.afterTemp')
      disk.rename(beside, folder)
      disk.syncFolder(path.dirname(folder))
    })
    return RunFolder.open(folder)
  }

  /** Opens an existing run; changes nothing. Throws run.not-found, file.version, file.format. */
  static open(folder: string): RunFolder {
    return new RunFolder(folder, readRunManifest(path.join(folder, 'manifest.json')))
  }

  get manifest(): RunManifest {
    return this.current
  }

  get journalPath(): string {
    return path.join(this.path, 'journal.ndjson')
  }

  get pulsePath(): string {
    return path.join(this.path, 'pulse.ndjson')
  }

  get outputsPath(): string {
    return path.join(this.path, 'outputs')
  }

  /** Replaces parts of the manifest, atomically: what becomes known after the start, or settings that may change on resume. */
  updateManifest(change: Partial<Omit<RunManifest, 'version' | 'id'>>): RunManifest {
    const next = { ...this.current, ...change }
    writeJsonFile(path.join(this.path, 'manifest.json'), next)
    this.current = next
    return next
  }

  /** Keeps an immutable input. The same content again is fine; other content under the same name throws file.exists. */
  addInput(name: string, content: Uint8Array | string): RunInput {
    const target = path.join(this.path, 'inputs', name)
    if (!/^\w[\w.-]*$/.test(name)) throw new AppError('internal', `expected a plain file name for an input, found ${JSON.stringify(name)}.`)
    const input = { file: `inputs/${name}`, sha256: sha256(content) }
    if (kindOf(target) === 'none') writeFileAtomic(target, content)
    else if (sha256(readBytes(target)) !== input.sha256)
      throw new AppError('file.exists', `${target}: an input of a run cannot be changed.`)
    return input
  }

  /**
   * What is kept under the name, also where the manifest does not say so yet: a process can be killed between writing a measured input
   * and vouching for it, and measuring again would give another one.
   */
  keptInput(name: string): RunInput | undefined {
    const target = path.join(this.path, 'inputs', name)
    return kindOf(target) === 'file' ? { file: `inputs/${name}`, sha256: sha256(readBytes(target)) } : undefined
  }

  /** The bytes of an input. Throws file.format when they are no longer those that the manifest vouches for. */
  readInput(input: RunInput): Uint8Array {
    const source = path.join(this.path, input.file)
    const bytes = readBytes(source)
    const found = sha256(bytes)
    if (found !== input.sha256) throw new AppError('file.format', `${source}: expected SHA-256 ${input.sha256}, found ${found}.`)
    return bytes
  }

  /** Adds a line to the side file; not synced, and no part of the run's result. */
  appendPulse(pulse: Pulse): void {
    named('writing', this.pulsePath, () => {
      const file = disk.open(this.pulsePath, disk.kind(this.pulsePath) === 'none' ? 'wx+' : 'r+')
      try {
        writeAll(file, Buffer.from(`${JSON.stringify(pulse)}\n`), disk.sizeBytes(file))
      } finally {
        disk.close(file)
      }
    })
  }

  /**
   * Opens the run for the worker that carries it on: tidies after a crash, loads the newest checkpoint that is whole, and cuts the journal
   * back to it. `checkpoint.report` and `journal.damage` say what was damaged. Throws checkpoint.none when nothing is usable.
   */
  startWork(): RunWork {
    const journal = Journal.open(this.journalPath)
    try {
      const checkpoints = CheckpointStore.open(this.path)
      const checkpoint = checkpoints.loadLatest(journal.length)
      if (checkpoint !== undefined) checkpoints.setAside(checkpoint.report)
      journal.cutTo(checkpoint?.journal ?? 0)
      return { journal, checkpoints, checkpoint }
    } catch (error) {
      journal.close()
      throw error
    }
  }
}
