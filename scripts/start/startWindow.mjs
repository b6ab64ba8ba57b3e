/** Starts the desktop program and waits for its end. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * @param {string} electron its program
 * @param {string[]} words passed on to Cellscope
 * @returns {Promise<{ code: number, opened: boolean }>} `opened`: whether the program got as far as its window
 */
export function startWindow(electron, words) {
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0
  if (asRoot) process.stdout.write("Started as root, so without Chromium's sandbox (--no-sandbox); a normal user has it.\n")
  const child = spawn(electron, [...(asRoot ? ['--no-sandbox'] : []), root, ...words], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  let opened = false
  child.on('message', (message) => (opened ||= message === 'cellscope-window'))
  // Ctrl-C reaches it by itself, being of the same terminal; this process only has to outlive it.
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => {
    child.on('error', () => resolve({ code: 1, opened: false }))
    child.on('exit', (code, signal) => resolve({ code: code ?? (signal === null ? 1 : 128), opened }))
  })
}
