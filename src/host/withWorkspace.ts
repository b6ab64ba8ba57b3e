/** Work that needs the workspace for itself. */
import { Workspace } from '../storage/workspace.js'

/** Takes the workspace's lock, makes the workspace when it is new, and lets it go in any case. @throws AppError workspace.locked */
export async function withWorkspace<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  const lock = await Workspace.open(folder).lock()
  try {
    return await work()
  } finally {
    await lock.release()
  }
}
