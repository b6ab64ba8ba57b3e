/**
 * The built pages. Their folder is listed, and only what is on the list is given: a path that was never found there leads nowhere,
 * whatever dots, links or encodings it holds.
 */
import { existsSync, readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { AppError } from '../../shared/errors.js'

export interface PageFile {
  path: string
  contentType: string
}

export interface PageFiles {
  /** `path` as it stands in the request, such as `/assets/index.js`. */
  find(path: string): PageFile | undefined
}

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff2': 'font/woff2'
}

/** @throws AppError file.not-found where the pages were not built */
export function openPageFiles(folder: string): PageFiles {
  if (!existsSync(join(folder, 'index.html'))) {
    throw new AppError('file.not-found', `The pages are not there: ${join(folder, 'index.html')} does not exist.`, { hint: 'Run `npm run build` once.' })
  }
  let known = listFiles(folder, '/')
  return {
    find(path) {
      const name = path === '/' ? '/index.html' : path
      // Built again meanwhile: the names of the parts changed.
      if (known.get(name) === undefined || !existsSync(known.get(name)?.path ?? '')) known = listFiles(folder, '/')
      return known.get(name)
    }
  }
}

/** Plain files only; a link is none. */
function listFiles(folder: string, prefix: string): Map<string, PageFile> {
  const files = new Map<string, PageFile>()
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    const contentType = contentTypes[extname(entry.name)]
    if (entry.isDirectory()) for (const [name, file] of listFiles(path, `${prefix}${entry.name}/`)) files.set(name, file)
    else if (entry.isFile() && contentType !== undefined) files.set(prefix + entry.name, { path, contentType })
  }
  return files
}
