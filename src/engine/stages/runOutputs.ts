/**
 * The files that stages hand over, below the run's `outputs` folder. Each is written whole or not at all, and its hash is kept in the
 * checkpoints of later stages: a later stage never builds on a file that is not the one that was written.
 */
import path from 'node:path'
import { parseArchitecture } from '../../core/parseArchitecture.js'
import type { Architecture } from '../../shared/architecture.js'
import { AppError } from '../../shared/errors.js'
import { makeFolders, writeFileAtomic } from '../../storage/atomicFile.js'
import { readBytes } from '../../storage/readBytes.js'
import { encodeSafetensors, readSafetensors, type StoredTensor } from '../../storage/safetensors.js'
import { sha256 } from '../../storage/sha256.js'

/** The networks of a run: `plain` is the student without distillation. */
export type NetworkName = 'teacher' | 'student' | 'plain' | 'handmade'

/** Where the architecture of a run's network lies. */
export function architectureFile(network: string): string {
  return `networks/${network}/architecture.json`
}

export class RunOutputs {
  /** SHA-256 by path below the outputs folder, of everything written so far. */
  readonly hashes: Record<string, string>

  constructor(
    readonly folder: string,
    known: Record<string, string> = {}
  ) {
    this.hashes = { ...known }
  }

  path(name: string): string {
    return path.join(this.folder, ...name.split('/'))
  }

  writeTensors(name: string, tensors: ReadonlyMap<string, StoredTensor>, metadata: Record<string, string> = {}): void {
    this.write(name, encodeSafetensors(tensors, metadata))
  }

  readTensors(name: string): Map<string, StoredTensor> {
    return readSafetensors(this.read(name)).tensors
  }

  writeArchitecture(name: string, architecture: Architecture): void {
    this.write(name, `${JSON.stringify(architecture, null, 2)}\n`)
  }

  readArchitecture(name: string): Architecture {
    return parseArchitecture(Buffer.from(this.read(name)).toString('utf8'), this.path(name))
  }

  /** A result for people and other programs; no stage reads it back. */
  writeJson(name: string, value: unknown): void {
    makeFolders(path.dirname(this.path(name)))
    writeFileAtomic(this.path(name), `${JSON.stringify(value, null, 1)}\n`)
  }

  has(name: string): boolean {
    return this.hashes[name] !== undefined
  }

  private write(name: string, content: Uint8Array | string): void {
    makeFolders(path.dirname(this.path(name)))
    writeFileAtomic(this.path(name), content)
    this.hashes[name] = sha256(content)
  }

  /** Throws file.format where the file is not the one that this run wrote. */
  private read(name: string): Uint8Array {
    const bytes = readBytes(this.path(name))
    const found = sha256(bytes)
    if (found !== this.hashes[name]) {
      throw new AppError('file.format', `${this.path(name)}: expected the file that this run wrote (SHA-256 ${this.hashes[name]}), found ${found}.`, {
        hint: 'Put the original file back; the run cannot go on with another one.'
      })
    }
    return bytes
  }
}
