/**
 * Brings one wheel of wheels.json into the cache, checked by its SHA-256. A wheel that is there is not fetched again.
 *
 * First fetch.py fetches it into NAME.part, so that a broken download goes on where it stopped. Where that does not work (an index that
 * needs pip's own credentials, packages in a local folder) pip itself downloads.
 */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { say, showProgress } from './progress.mjs'
import { lastLines, runProgram } from './runProgram.mjs'
import { SetupError } from './setupError.mjs'

const attempts = 5

/**
 * @param {{ requirement: string, file: string, sha256: string, bytes?: number }} wheel
 * @param {{ pythonVersion: string, implementation: string, platforms: string[] }} target
 * @returns {Promise<string>} the path of the checked file
 */
export async function fetchWheel(wheel, target, python, cache) {
  mkdirSync(cache, { recursive: true })
  const file = join(cache, wheel.file)
  if (existsSync(file)) {
    if ((await sha256(file)) === wheel.sha256) return file
    say(`  ${wheel.file} in the cache is damaged and is fetched again.`)
    rmSync(file)
  }
  say(`  fetching ${wheel.requirement}`)
  if (await fetchByAddress(wheel, python, file)) return file
  await fetchByPip(wheel, target, python, file)
  return file
}

/** Whether the wheel arrived; false hands over to pip. */
async function fetchByAddress(wheel, python, file) {
  const part = `${file}.part`
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const before = size(part)
    if (before > 0) say(`  going on after ${(before / 1e6).toFixed(0)} MB of an earlier download`)
    const { code, stderr } = await fetchPart(wheel, part, python)
    if (code === 2) return false
    if (code === 0) {
      if ((await sha256(part)) === wheel.sha256) {
        renameSync(part, file)
        return true
      }
      say('  what arrived is not the expected file; starting it anew')
      rmSync(part)
    } else {
      say(`  the download broke off: ${lastLines(stderr, 1)}`)
      if (size(part) === before) return false
    }
  }
  return false
}

async function fetchPart(wheel, part, python) {
  const script = fileURLToPath(new URL('fetch.py', import.meta.url))
  const project = wheel.requirement.split('==')[0]
  const end = showProgress(wheel.requirement, () => size(part), wheel.bytes ?? 0)
  const result = await runProgram(python.program, [script, project, wheel.file, part])
  end()
  return result
}

async function fetchByPip(wheel, target, python, file) {
  removeAbandoned(file)
  const folder = mkdtempSync(`${file}.pip-`)
  const end = showProgress(`${wheel.requirement} by pip`, () => largestFile(folder), wheel.bytes ?? 0)
  const { code, stderr } = await runProgram(python.program, ['-m', 'pip', 'download', '--quiet', '--dest', folder, ...choice(target), wheel.requirement], {
    env: { ...process.env, TMPDIR: folder }
  })
  end()
  try {
    if (code !== 0) {
      throw new SetupError(
        `pip could not fetch ${wheel.requirement}: ${lastLines(stderr, 3)}`,
        'Check the network and pip\'s index settings and run the set-up again, or name a folder that has TensorFlow in CELLSCOPE_TENSORFLOW (docs/setup.md).'
      )
    }
    const fetched = join(folder, wheel.file)
    if (!existsSync(fetched) || (await sha256(fetched)) !== wheel.sha256) {
      throw new SetupError(
        `pip brought ${readdirSync(folder).join(', ') || 'nothing'}, which is not the ${wheel.file} that this version was tried with.`,
        'Check that pip\'s index is a faithful copy of the Python package index, then run the set-up again.'
      )
    }
    renameSync(fetched, file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Folders of downloads that were killed; a younger one may be another clone's that is at work. */
function removeAbandoned(file) {
  const hours = 3_600_000
  for (const name of readdirSync(dirname(file))) {
    const path = join(dirname(file), name)
    if (path.startsWith(`${file}.pip-`) && Date.now() - statSync(path).mtimeMs > 6 * hours) rmSync(path, { recursive: true, force: true })
  }
}

function choice(target) {
  return [
    ...['--no-deps', '--only-binary=:all:', '--python-version', target.pythonVersion, '--implementation', target.implementation],
    ...target.platforms.flatMap((platform) => ['--platform', platform])
  ]
}

/** @returns {Promise<string>} the file's SHA-256 in hexadecimal */
export function sha256(file) {
  return new Promise((resolve, reject) => {
    const hash = createHash('sha256')
    createReadStream(file, { highWaterMark: 1 << 20 })
      .on('data', (piece) => hash.update(piece))
      .on('error', reject)
      .on('end', () => resolve(hash.digest('hex')))
  })
}

function size(file) {
  return existsSync(file) ? statSync(file).size : 0
}

/** Bytes of the largest file below a folder (pip fetches beside, then copies); files may vanish while it looks. */
function largestFile(folder) {
  let largest = 0
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      largest = Math.max(largest, entry.isDirectory() ? largestFile(path) : size(path))
    }
  } catch {
    return largest
  }
  return largest
}
