/** Serves the built page to the window as app://cellscope/: only reading, only its own folder, with the content policy on everything. */
import { readFile } from 'node:fs/promises'
import { protocol, type ProtocolRequest, type ProtocolResponse } from 'electron'
import { contentPolicy } from '../shared/contentPolicy.js'
import { pageFile, pageScheme } from './pageFile.js'

/** Before the program is ready. */
export function declarePageScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true }
  protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges }])
}

/** @param folder of the built page */
export function servePage(folder: string): void {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- its successor, protocol.handle, is not there in the Electron of the tests
  protocol.registerBufferProtocol(pageScheme, (request, respond) => void answer(request, folder).then(respond))
}

const headers = {
  'Content-Security-Policy': contentPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store'
}

/** Exported for the test that asks for what it must not get. */
export async function answer({ method, url }: Pick<ProtocolRequest, 'method' | 'url'>, folder: string): Promise<ProtocolResponse> {
  if (method !== 'GET') return refuse(405, 'Only reading is possible here.')
  const file = pageFile(url, folder)
  if (file === undefined) return refuse(404, 'There is no such file.')
  try {
    return { statusCode: 200, headers: { ...headers, 'Content-Type': file.type }, data: await readFile(file.path) }
  } catch {
    return refuse(404, 'There is no such file.')
  }
}

function refuse(statusCode: number, text: string): ProtocolResponse {
  return { statusCode, headers: { ...headers, 'Content-Type': 'text/plain; charset=utf-8' }, data: Buffer.from(text) }
}
