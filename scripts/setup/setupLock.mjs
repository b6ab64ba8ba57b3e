/** One set-up at a time in a clone: a file that names the process which works. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageFolder } from './places.mjs'
import { SetupError } from './setupError.mjs'

const lockFile = join(packageFolder, 'cellscope-setup.lock')

/** Takes the lock; that of a process which no longer lives is taken over. Returns the function that gives it back. */
export function takeLock() {
  if (existsSync(lockFile) && !isAlive(Number(readFileSync(lockFile, 'utf8')))) rmSync(lockFile, { force: true })
  try {
    writeFileSync(lockFile, String(process.pid), { flag: 'wx' })
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    throw new SetupError(`Another set-up works on this clone (process ${readFileSync(lockFile, 'utf8')}).`, 'Wait until it is done, then try again.')
  }
  const release = () => rmSync(lockFile, { force: true })
  process.once('exit', release)
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130))
  return release
}

function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Killed, but not yet collected by its parent; in a container that can last. */
function isZombie(pid) {
  const status = `/proc/${pid}/stat`
  return existsSync(status) && / Z /.test(readFileSync(status, 'utf8').replace(/^.*\)/, ''))
}
