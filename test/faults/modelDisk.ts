/**
 * A disk in memory that knows what was synced. Without a power cut it behaves as a disk does, so killing a process loses nothing.
 * A power cut keeps what was synced, and of the rest an arbitrary part: any subset of the writes, each torn at 512 bytes, and any subset
 * of the names that were made, renamed or removed. That is more than real file systems do, so what survives here survives there.
 */
import path from 'node:path'
import type { RandomStream } from '../../src/core/random.js'
import type { Disk } from '../../src/storage/disk.js'

const sectorBytes = 512

type FileChange = { kind: 'write'; position: number; bytes: Uint8Array } | { kind: 'truncate'; sizeBytes: number }

interface FileNode {
  kind: 'file'
  live: Uint8Array
  durable: Uint8Array
  pending: FileChange[]
}

interface FolderNode {
  kind: 'folder'
  live: Map<string, Node>
  durable: Map<string, Node>
  /** Each change of names happens whole or not at all: a rename takes one name away and sets another. */
  pending: [name: string, node: Node | undefined][][]
}

type Node = FileNode | FolderNode

export interface ModelDiskOptions {
  /** Calls of sync for these paths do nothing: the mutation that a test of syncing must notice. */
  withoutSync?: RegExp
}

export class ModelDisk implements Disk {
  private root: FolderNode = newFolder()
  private readonly files = new Map<number, { node: FileNode; path: string }>()
  private nextFile = 3

  constructor(private readonly options: ModelDiskOptions = {}) {}

  open(target: string, flags: 'r' | 'r+' | 'w' | 'wx+'): number {
    let node = this.find(target)
    if (node?.kind === 'folder') throw systemError('EISDIR', target)
    if (node !== undefined && flags === 'wx+') throw systemError('EEXIST', target)
    if (node === undefined) {
      if (flags === 'r' || flags === 'r+') throw systemError('ENOENT', target)
      node = { kind: 'file', live: new Uint8Array(0), durable: new Uint8Array(0), pending: [] }
      this.change(path.dirname(target), [[path.basename(target), node]])
    }
    if (flags === 'w') change(node, { kind: 'truncate', sizeBytes: 0 })
    const file = this.nextFile++
    this.files.set(file, { node, path: target })
    return file
  }

  close(file: number): void {
    this.files.delete(file)
  }

  read(file: number, bytes: Uint8Array, length: number, position: number): number {
    const part = this.opened(file).live.subarray(position, position + length)
    bytes.set(part)
    return part.length
  }

  write(file: number, bytes: Uint8Array, offset: number, length: number, position: number): number {
    change(this.opened(file), { kind: 'write', position, bytes: bytes.slice(offset, offset + length) })
    return length
  }

  sizeBytes(file: number): number {
    return this.opened(file).live.length
  }

  truncate(file: number, sizeBytes: number): void {
    change(this.opened(file), { kind: 'truncate', sizeBytes })
  }

  sync(file: number): void {
    const node = this.opened(file)
    if (this.options.withoutSync?.test(this.files.get(file)?.path ?? '') === true) return
    node.durable = node.live
    node.pending = []
  }

  syncFolder(target: string): void {
    const node = this.folder(target)
    if (this.options.withoutSync?.test(`${target}/`) === true) return
    node.durable = new Map(node.live)
    node.pending = []
  }

  rename(from: string, to: string): void {
    const folder = path.dirname(from)
    if (folder !== path.dirname(to)) throw new Error(`The model renames within one folder only: ${from} to ${to}`)
    const node = this.find(from)
    if (node === undefined) throw systemError('ENOENT', from)
    const there = this.find(to)
    if (there?.kind === 'folder' && there.live.size > 0) throw systemError('ENOTEMPTY', to)
    this.change(folder, [
      [path.basename(from), undefined],
      [path.basename(to), node]
    ])
  }

  makeFolder(target: string): void {
    if (this.find(target) !== undefined) throw systemError('EEXIST', target)
    this.change(path.dirname(target), [[path.basename(target), newFolder()]])
  }

  removeFile(target: string): void {
    if (this.find(target)?.kind !== 'file') throw systemError('ENOENT', target)
    this.change(path.dirname(target), [[path.basename(target), undefined]])
  }

  removeEmptyFolder(target: string): void {
    if (this.folder(target).live.size > 0) throw systemError('ENOTEMPTY', target)
    this.change(path.dirname(target), [[path.basename(target), undefined]])
  }

  list(target: string): string[] {
    return [...this.folder(target).live.keys()].sort()
  }

  isLink(): boolean {
    return false
  }

  kind(target: string): 'file' | 'folder' | 'none' {
    return this.find(target)?.kind ?? 'none'
  }

  /** The process is gone: its open files are closed. What it wrote stays, synced or not. */
  kill(): void {
    this.files.clear()
  }

  /** The power is gone: what was not synced stays in part, as `random` decides. */
  cutPower(random: RandomStream): void {
    this.kill()
    this.root = survivingFolder(this.root, random, new Map())
  }

  private find(target: string): Node | undefined {
    let node: Node | undefined = this.root
    for (const name of target.split('/').filter((part) => part !== '')) node = node?.kind === 'folder' ? node.live.get(name) : undefined
    return node
  }

  private folder(target: string): FolderNode {
    const node = this.find(target)
    if (node === undefined) throw systemError('ENOENT', target)
    if (node.kind !== 'folder') throw systemError('ENOTDIR', target)
    return node
  }

  private opened(file: number): FileNode {
    const found = this.files.get(file)
    if (found === undefined) throw systemError('EBADF', String(file))
    return found.node
  }

  private change(folder: string, names: [string, Node | undefined][]): void {
    const node = this.folder(folder)
    applyNames(node.live, names)
    node.pending.push(names)
  }
}

function newFolder(): FolderNode {
  return { kind: 'folder', live: new Map(), durable: new Map(), pending: [] }
}

function applyNames(names: Map<string, Node>, changes: [string, Node | undefined][]): void {
  for (const [name, node] of changes) {
    if (node === undefined) names.delete(name)
    else names.set(name, node)
  }
}

function change(node: FileNode, made: FileChange): void {
  node.live = applied(node.live, made)
  node.pending.push(made)
}

function applied(content: Uint8Array, made: FileChange): Uint8Array {
  const size = made.kind === 'truncate' ? made.sizeBytes : Math.max(content.length, made.position + made.bytes.length)
  const next = new Uint8Array(size)
  next.set(content.subarray(0, size))
  if (made.kind === 'write') next.set(made.bytes, made.position)
  return next
}

/** `seen` keeps a file that stands under two names one file. */
function survivingFolder(folder: FolderNode, random: RandomStream, seen: Map<Node, Node>): FolderNode {
  const names = new Map(folder.durable)
  for (const made of folder.pending) if (random.uniform() < 0.5) applyNames(names, made)
  const surviving = newFolder()
  seen.set(folder, surviving)
  for (const [name, node] of names) {
    const kept = seen.get(node) ?? (node.kind === 'file' ? survivingFile(node, random) : survivingFolder(node, random, seen))
    seen.set(node, kept)
    surviving.live.set(name, kept)
  }
  surviving.durable = new Map(surviving.live)
  return surviving
}

function survivingFile(file: FileNode, random: RandomStream): FileNode {
  let content = file.durable
  for (const made of file.pending) {
    if (made.kind === 'truncate') {
      if (random.uniform() < 0.5) content = applied(content, made)
      continue
    }
    for (let start = 0; start < made.bytes.length;) {
      const position = made.position + start
      const end = Math.min(made.bytes.length, start + sectorBytes - (position % sectorBytes))
      if (random.uniform() < 0.5) content = applied(content, { kind: 'write', position, bytes: made.bytes.subarray(start, end) })
      start = end
    }
  }
  return { kind: 'file', live: content, durable: content, pending: [] }
}

function systemError(code: string, target: string): Error {
  return Object.assign(new Error(`${code}: ${target}`), { code })
}
