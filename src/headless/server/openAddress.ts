/** Opens an address in the person's browser. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const forgottenAfterMs = 60_000

/**
 * The address holds the token, and every user of this machine can read the arguments of a process. So the browser gets a file that only
 * this user can read, and that leads on. Where no browser can be opened nothing happens: the address is printed, too.
 */
export function openAddress(address: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'cellscope-'))
  const file = join(folder, 'open.html')
  const escaped = address.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  writeFileSync(file, `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=${escaped}"><title>Cellscope</title>\n`, { mode: 0o600 })
  const [program, ...words] = opener(pathToFileURL(file).href)
  const child = spawn(program, words, { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
  setTimeout(() => rmSync(folder, { recursive: true, force: true }), forgottenAfterMs).unref()
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
}

function opener(target: string): [string, ...string[]] {
  if (process.platform === 'darwin') return ['open', target]
  if (process.platform === 'win32') return ['explorer.exe', target]
  return ['xdg-open', target]
}
