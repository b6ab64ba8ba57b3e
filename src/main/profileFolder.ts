/** Where Electron keeps what belongs to a window: one folder a workspace, because one program a folder is what Electron allows. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'

/** @param base Electron's own choice, which the usual workspace gets */
export function profileFolder(base: string, workspace: string, usualWorkspace: string): string {
  if (workspace === usualWorkspace) return base
  return join(base, 'workspaces', createHash('sha256').update(workspace).digest('hex').slice(0, 16))
}
