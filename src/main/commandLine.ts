/** What the desktop program was started with. Electron's and Chromium's own switches stand between ours and are left alone. */
import { resolve } from 'node:path'

export interface StartOptions {
  /** Absolute path of the folder with the runs. */
  workspace: string
  /** Starts the demo's run at once, and tells the terminal of it. */
  demo: boolean
}

/** @param words the command line; relative paths start at `folder` */
export function readStartOptions(words: string[], folder: string, usualWorkspace: string): StartOptions {
  const demo = words.includes('--demo')
  const given = valueOf(words, '--workspace')
  return { workspace: resolve(folder, given ?? (demo ? 'demo' : usualWorkspace)), demo }
}

/** `--name value` or `--name=value`. */
function valueOf(words: string[], name: string): string | undefined {
  for (const [index, word] of words.entries()) {
    if (word === name) return words[index + 1]
    if (word.startsWith(`${name}=`)) return word.slice(name.length + 1)
  }
  return undefined
}
