/** Builds the program where it is not built, or where its sources are newer. */
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const results = ['out/main/main.cjs', 'out/main/cli.cjs', 'out/preload/preload.cjs', 'out/report/report.html', 'out/workbench/index.html']
const sources = ['src', 'resources', 'package.json', 'vite.config.ts', 'vite.preload.config.ts', 'vite.report.config.ts', 'vite.workbench.config.ts']

/** @returns whether it is built now; what went wrong was printed by the build */
export function ensureBuilt() {
  const reason = whyBuild(root)
  if (reason === undefined) return true
  process.stdout.write(`Building Cellscope, for ${reason} (npm run build).\n`)
  const windows = process.platform === 'win32'
  return spawnSync(windows ? 'npm.cmd' : 'npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit', shell: windows }).status === 0
}

/** @returns {string | undefined} */
export function whyBuild(folder) {
  const times = results.map((path) => [path, statSync(join(folder, path), { throwIfNoEntry: false })?.mtimeMs])
  const missing = times.find(([, time]) => time === undefined)
  if (missing) return `${missing[0]} is missing`
  const oldest = Math.min(...times.map(([, time]) => time))
  return newest(sources.map((path) => join(folder, path))) > oldest ? 'its sources are newer than what was built' : undefined
}

function newest(paths) {
  let time = 0
  for (const path of paths) {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined) continue
    time = Math.max(time, found.isDirectory() ? newest(readdirSync(path).map((name) => join(path, name))) : found.mtimeMs)
  }
  return time
}
