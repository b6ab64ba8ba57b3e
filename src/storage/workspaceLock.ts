/**
 * One writer for a workspace. The lock is a listening local socket: the system frees it however its process ends, so a stale file never
 * blocks anybody (a file with a process id lies after a kill).
 *
 * Every contender listens on a name of its own, never used again, and publishes it by a rename; only then does it look who else is
 * there. A name that nobody answers on is a dead one's and is removed. Whoever sees another live one has no lock and looks again a few
 * times after a random moment; all but the first by name withdraw meanwhile, so that one of them gets through. Of two contenders, the later to publish always sees the earlier, so two can never both hold the lock;
 * and since names are never reused, removing a dead one cannot hit a live one.
 *
 * On Windows the lock is a named pipe, which the system keeps exclusive by itself.
 */
import { createHash, randomBytes, randomInt } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { AppError } from '../shared/errors.js'
import { systemCode } from './storageError.js'

export interface WorkspaceLock {
  /** Lets another process have the workspace; also happens when this process ends in any way. */
  release(): Promise<void>
}

/** The system allows about 104 bytes for the path of a local socket. */
const mostPathBytes = 100
const tries = 6

/** Takes the lock of a workspace folder that exists. Throws workspace.locked when another process (or this one) has it. */
export async function lockWorkspace(workspace: string): Promise<WorkspaceLock> {
  const real = fs.realpathSync(workspace)
  if (process.platform === 'win32') return lockPipe(real)
  const folder = socketFolder(real)
  let contender = await publish(folder)
  for (let attempt = 1; ; attempt++) {
    const { name } = contender
    const others = await liveOthers(folder, name)
    if (others.length === 0) return holding(contender)
    const first = others.every((other) => name < other)
    if (!first || attempt === tries) await withdraw(contender)
    if (attempt === tries) throw lockedError(workspace, others[0])
    await moment(randomInt(1, 20 * attempt))
    if (!first) contender = await publish(folder)
  }
}

function holding(contender: Contender): WorkspaceLock {
  return { release: () => withdraw(contender) }
}

interface Contender {
  server: net.Server
  folder: string
  name: string
}

/** Beside the workspace's files where the path is short enough, so that all who reach the workspace meet there; else by hash. */
function socketFolder(real: string): string {
  const inside = path.join(real, '.lock')
  const longest = Buffer.byteLength(path.join(inside, socketName('.new-')))
  const hash = createHash('sha256').update(real).digest('hex').slice(0, 16)
  const folder = longest <= mostPathBytes ? inside : path.join(os.tmpdir(), `cellscope-${hash}.lock`)
  fs.mkdirSync(folder, { recursive: true })
  return folder
}

function socketName(prefix = ''): string {
  return `${prefix}${process.pid}-${randomBytes(6).toString('hex')}`
}

/** Listens first and publishes the name then: whoever sees it can connect to it at once. */
async function publish(folder: string): Promise<Contender> {
  const name = socketName()
  const hidden = path.join(folder, `.new-${name}`)
  const server = await listen(hidden)
  fs.renameSync(hidden, path.join(folder, name))
  return { server, folder, name }
}

async function withdraw({ server, folder, name }: Contender): Promise<void> {
  fs.rmSync(path.join(folder, name), { force: true })
  await new Promise<void>((done) => server.close(() => done()))
}

async function liveOthers(folder: string, own: string): Promise<string[]> {
  const live: string[] = []
  for (const name of fs.readdirSync(folder)) {
    if (name === own || name.startsWith('.')) continue
    const socket = path.join(folder, name)
    if (await answers(socket)) live.push(name)
    else fs.rmSync(socket, { force: true })
  }
  return live
}

/** Whether somebody listens. Only a clear refusal means that nobody does: in doubt the other one lives. */
function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = net.connect(socket)
    const finish = (alive: boolean): void => {
      connection.destroy()
      resolve(alive)
    }
    connection.once('connect', () => finish(true))
    connection.once('error', (error) => finish(!['ECONNREFUSED', 'ENOENT', 'ENOTSOCK'].includes(systemCode(error) ?? '')))
  })
}

function listen(address: string): Promise<net.Server> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((connection) => connection.destroy())
    server.once('error', (error) => {
      reject(new AppError('file.write', `The workspace cannot be locked: ${address}: ${error.message}.`, { cause: error }))
    })
    server.listen(address, () => {
      server.unref()
      resolve(server)
    })
  })
}

async function lockPipe(real: string): Promise<WorkspaceLock> {
  const hash = createHash('sha256').update(real.toLowerCase()).digest('hex').slice(0, 32)
  try {
    const server = await listen(`\\\\.\\pipe\\cellscope-${hash}`)
    return { release: () => new Promise((done) => server.close(() => done())) }
  } catch (error) {
    const cause = error instanceof AppError ? error.cause : error
    if (systemCode(cause) === 'EADDRINUSE') throw lockedError(real)
    throw error
  }
}

function lockedError(workspace: string, other?: string): AppError {
  const who = other === undefined ? 'another process' : `process ${other.split('-')[0]}`
  return new AppError('workspace.locked', `${workspace}: ${who} works in this workspace.`)
}

function moment(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
