/** An exported file as a download; a folder comes as a zip that is made while it is sent. */
import { createReadStream, statSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Zip, ZipPassThrough } from 'fflate'
import { filesBelow } from '../../host/desk/filesBelow.js'

/** `path` is one that the desk gave; `headers` go along. */
export async function sendExport(response: ServerResponse, path: string, headers: Record<string, string>): Promise<void> {
  const isFolder = statSync(path).isDirectory()
  const name = isFolder ? `${basename(path)}.zip` : basename(path)
  response.writeHead(200, {
    ...headers,
    'Content-Type': isFolder ? 'application/zip' : 'application/octet-stream',
    'Content-Disposition': `attachment; filename="${name}"`,
    ...(isFolder ? {} : { 'Content-Length': String(statSync(path).size) })
  })
  if (isFolder) await sendZip(response, path)
  else await pipeline(createReadStream(path), response)
}

/** Stored, not compressed: weights do not get smaller, and nothing has to be kept in memory. */
async function sendZip(response: ServerResponse, folder: string): Promise<void> {
  const zip = new Zip((error, chunk) => {
    if (error) response.destroy(error)
    else response.write(chunk)
  })
  for (const { name, path } of filesBelow(folder)) {
    const entry = new ZipPassThrough(`${basename(folder)}/${name}`)
    zip.add(entry)
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      if (response.destroyed) return
      entry.push(chunk)
      if (response.writableNeedDrain) await drained(response)
    }
    entry.push(new Uint8Array(0), true)
  }
  zip.end()
  response.end()
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once('drain', resolve)
    response.once('close', resolve)
  })
}
