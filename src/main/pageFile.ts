/** Which file of the built page an app:// address means; whatever leads elsewhere means none. */
import { extname, join } from 'node:path'

export const pageScheme = 'app'
export const pageOrigin = `${pageScheme}://cellscope`

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json; charset=utf-8',
  '.woff2': 'font/woff2'
}

export interface PageFile {
  path: string
  type: string
}

/** Plain names between slashes: no dots at the front, no escapes, no backslash, so nothing can climb. */
const plainPath = /^(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)+$/

/**
 * @param address as the page asked for it
 * @param folder of the built page
 */
export function pageFile(address: string, folder: string): PageFile | undefined {
  const rest = address.startsWith(`${pageOrigin}/`) ? address.slice(pageOrigin.length).split(/[?#]/)[0] : undefined
  if (rest === undefined) return undefined
  const path = rest === '/' ? '/index.html' : rest
  const type = types[extname(path)]
  return plainPath.test(path) && type !== undefined ? { path: join(folder, ...path.slice(1).split('/')), type } : undefined
}
