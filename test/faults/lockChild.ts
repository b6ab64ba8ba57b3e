/** A process that takes a workspace's lock, says what came of it, and holds it until it is killed or told `release`. */
import { AppError } from '../../src/shared/errors.js'
import { lockWorkspace } from '../../src/storage/workspaceLock.js'

async function main(): Promise<void> {
  const workspace = process.argv[2]
  try {
    const lock = await lockWorkspace(workspace)
    process.stdout.write('locked\n')
    process.stdin.once('data', () => {
      void lock.release().then(() => {
        process.stdout.write('released\n')
        process.exit(0)
      })
    })
  } catch (error) {
    process.stdout.write(error instanceof AppError ? `refused ${error.code}\n` : `failed ${String(error)}\n`)
  }
}

void main()
