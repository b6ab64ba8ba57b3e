/**
 * Brings one wheel of wheels.json into the cache, checked by its SHA-256. A wheel that is there is not fetched again.
 *
 * First pip is asked for the wheel's address, and the file is fetched into NAME.part, so that a broken download goes on where it stopped.
 * Where that does not work (pip older than 22.2, an index that needs pip's own credentials, a file: index) pip itself downloads.
 */
import { createHash } from 'node:crypto'
import { spawn } from 'node:child_process'
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
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
  if (await fetchByAddress(wheel, target, python, file)) return file
  await fetchByPip(wheel, target, python, file)
  return file
}

async function fetchByAddress(wheel, target, python, file) {
  const address = await askAddress(wheel, target, python)
  if (!address) return false
  const part = `${file}.part`
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const before = size(part)
    if (before > 0) say(`  going on after ${(before / 1e6).toFixed(0)} MB of an earlier download`)
    const complaint = await fetchPart(address, part, python, wheel)
    if (complaint === '') {
      if ((await sha256(part)) === wheel.sha256) {
        renameSync(part, file)
        return true
      }
      say('  what arrived is not the expected file; starting it anew')
      rmSync(part)
    } else {
      say(`  the download broke off: ${lastLines(complaint, 1)}`)
      if (size(part) === before) return false
    }
  }
  return false
}

/** Empty when the part is complete, else what went wrong. */
function fetchPart(address, part, python, wheel) {
  return new Promise((resolve) => {
    const script = fileURLToPath(new URL('fetch.py', import.meta.url))
    const child = spawn(python.program, [script, address, part], { stdio: ['ignore', 'ignore', 'pipe'] })
    const end = showProgress(`fetching ${wheel.requirement}`, () => size(part), wheel.bytes ?? 0)
    let complaint = ''
    child.stderr.on('data', (piece) => (complaint += String(piece)))
    child.on('error', (error) => (complaint += error.message))
    child.on('close', (code) => {
      end()
      resolve(code === 0 ? '' : complaint || `code ${code}`)
    })
  })
}

/** The wheel's http(s) address by the person's own pip settings (index, mirrors), or null. */
async function askAddress(wheel, target, python) {
  const { code, stdout } = await runProgram(python.program, [
    ...['-m', 'pip', 'install', '--dry-run', '--ignore-installed', '--quiet', '--report', '-'],
    ...[...choice(target), wheel.requirement]
  ])
  if (code !== 0) return null
  try {
    const report = JSON.parse(stdout.slice(stdout.indexOf('{')))
    const address = report.install[0].download_info.url
    return /^https?:/.test(address) && decodeURIComponent(address).includes(wheel.file) ? address : null
  } catch {
    return null
  }
}

async function fetchByPip(wheel, target, python, file) {
  const folder = mkdtempSync(`${file}.pip-`)
  const end = showProgress(`fetching ${wheel.requirement} with pip`, () => folderSize(folder), wheel.bytes ?? 0)
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

/** Bytes of all files below a folder; files may vanish while it looks. */
function folderSize(folder) {
  let sum = 0
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      sum += entry.isDirectory() ? folderSize(path) : size(path)
    }
  } catch {
    return sum
  }
  return sum
}
