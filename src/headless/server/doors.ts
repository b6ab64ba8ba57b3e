/** Every door of the server: what may be asked for, by its path. All of them are behind the same checks; there is no other way in. */
import { createReadStream } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Desk } from '../../host/desk/deskOptions.js'
import type { PageFiles } from './pageFiles.js'
import { sendExport } from './sendExport.js'

export interface Asked {
  path: string
  response: ServerResponse
  headers: Record<string, string>
  desk: Desk
  pages: PageFiles
}

export interface Door {
  name: string
  /** A path that leads to it, for the tests that knock at every door. */
  example: string
  /** Answers; false where the path is not this door's or leads to nothing. */
  answer(asked: Asked): Promise<boolean>
}

export const doors: readonly Door[] = [
  {
    name: 'download',
    example: '/download/run/student.onnx',
    async answer({ path, response, headers, desk }) {
      const [, run, name] = /^\/download\/([^/]+)\/([^/]+)$/.exec(path) ?? []
      const file = run === undefined ? undefined : exported(desk, run, name)
      if (file === undefined) return false
      await sendExport(response, file, headers)
      return true
    }
  },
  {
    name: 'page',
    example: '/',
    async answer({ path, response, headers, pages }) {
      const file = pages.find(path)
      if (file === undefined) return false
      response.writeHead(200, { ...headers, 'Content-Type': file.contentType })
      await pipeline(createReadStream(file.path), response)
      return true
    }
  }
]

/** Where pages talk to the desk; opened by an upgrade to a WebSocket and not by a plain request. */
export const socketPath = '/socket'

/** Whatever is wrong with the names, there is nothing to fetch. */
function exported(desk: Desk, run: string, name: string): string | undefined {
  try {
    return desk.exportedPath(decodeURIComponent(run), decodeURIComponent(name))
  } catch {
    return undefined
  }
}
