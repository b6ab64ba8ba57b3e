import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startServer } from '../../src/headless/server/startServer.js'
import type { SpawnEngine } from '../../src/host/engineProcess.js'
import { openDesk } from '../../src/host/desk/openDesk.js'

export interface ServedFolder {
  /** How a page finds the server and gets in. */
  door: { address: string; origin: string; cookie: string }
  close(): Promise<void>
}

/** A host on a workspace in `folder`, and the door of a page. The page is a browser's, but it may name files where `shell` says desktop. */
export async function serveFolder(folder: string, spawn: SpawnEngine, shell: 'browser' | 'desktop' = 'browser'): Promise<ServedFolder> {
  writeFileSync(join(folder, 'index.html'), '<!doctype html>')
  const desk = openDesk({ workspace: folder, shell, spawn })
  const server = await startServer(desk, { pages: folder })
  const { origin, host } = new URL(server.url)
  const cookie = ((await fetch(server.url, { redirect: 'manual' })).headers.get('set-cookie') ?? '').split(';')[0]
  return {
    door: { address: `ws://${host}/socket`, origin, cookie },
    async close() {
      await desk.close()
      await server.close()
    }
  }
}
