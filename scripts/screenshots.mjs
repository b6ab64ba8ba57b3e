/**
 * `node scripts/screenshots.mjs WORKSPACE RUN [FOLDER]`: pictures of every page in both languages and both themes, of a finished run, as WebP. Takes them
 * in the window where there is Electron and a display, else in Chromium over `cellscope serve`.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { _electron, chromium } from 'playwright-core'
import { findWindow } from './start/findWindow.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const size = { width: 1280, height: 860 }
const quality = 82
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []

/** What is photographed: where it is, what must be there, and what is done before the picture. */
function pages(run) {
  const of = (page) => `#/run/${encodeURIComponent(run)}/${page}`
  return [
    { name: 'start', hash: '#/start', ready: 'main table tbody tr' },
    { name: 'data', hash: '#/data', ready: 'main button', prepare: showSamples },
    { name: 'new-run', hash: '#/new', ready: 'main input' },
    { name: 'search', hash: of('search'), ready: '.chart canvas' },
    { name: 'lattice', hash: of('lattice'), ready: '.lattice svg' },
    { name: 'networks', hash: of('networks'), ready: 'main table' },
    { name: 'predictions', hash: of('predictions'), ready: '.grid img' },
    { name: 'prediction', hash: of('predictions'), ready: '.grid img', prepare: openFirstPicture },
    { name: 'runs', hash: '#/runs', ready: 'main table tbody tr' },
    { name: 'compare', hash: '#/runs', ready: 'main table tbody tr', prepare: compareTwo },
    { name: 'operators', hash: '#/operators', ready: 'main form button', prepare: measureOperators },
    { name: 'export', hash: of('export'), ready: 'main table button' }
  ]
}

async function showSamples(page) {
  const first = page.locator('main button').first()
  if ((await page.locator('main img').count()) === 0) await first.click()
  await page.locator('main img').nth(3).waitFor({ timeout: 180_000 })
  await page.locator('main progress').waitFor({ state: 'detached', timeout: 180_000 })
}

async function openFirstPicture(page) {
  await page.locator('.grid button').first().click()
  await page.locator('dialog img').first().waitFor()
}

/** Once for all languages and themes. */
async function measureOperators(page) {
  if ((await page.locator('main table').count()) === 0) await page.locator('main form button').first().click()
  await page.locator('main table').waitFor({ timeout: 180_000 })
}

/** The two runs that stand first. */
async function compareTwo(page) {
  const boxes = page.locator('main input[type=checkbox]')
  for (const index of [0, 1]) await boxes.nth(index).check()
  await page.locator('main button').first().click()
}

async function main() {
  const [workspace, run, folder = join(root, 'docs/pictures/window')] = process.argv.slice(2)
  if (run === undefined) throw new Error('Say the workspace and the name of a finished run in it.')
  mkdirSync(folder, { recursive: true })
  const { page, context, close } = await open(resolve(workspace))
  try {
    const line = await context.newCDPSession(page)
    for (const language of ['en', 'zh']) {
      for (const theme of ['light', 'dark']) {
        await page.locator('.choices select').nth(0).selectOption(language)
        await page.locator('.choices select').nth(1).selectOption(theme)
        for (const place of pages(run)) await take(page, line, place, join(folder, `${place.name}-${theme}-${language}.webp`))
      }
    }
  } finally {
    await close()
  }
}

async function take(page, line, { hash, ready, prepare }, file) {
  await page.evaluate((to) => (globalThis.location.hash = to), hash)
  await page.locator(ready).first().waitFor({ timeout: 60_000 })
  await prepare?.(page)
  for (const image of await page.locator('main img').all()) await image.evaluate((each) => each.decode().catch(() => undefined))
  // Charts draw themselves in, and fonts of another language arrive.
  await page.waitForTimeout(1500)
  const { data } = await line.send('Page.captureScreenshot', { format: 'webp', quality })
  writeFileSync(file, Buffer.from(data, 'base64'))
  process.stdout.write(`${file} ${Math.round(statSync(file).size / 1024)} KiB\n`)
}

async function open(workspace) {
  const found = findWindow()
  if ('missing' in found) return openBrowser(workspace)
  const app = await _electron.launch({ executablePath: found.electron, args: [...sandbox, root, '--workspace', workspace, `--user-data-dir=${workspace}-pictures`] })
  const page = await app.firstWindow()
  await app.evaluate(({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0].setContentSize(to.width, to.height), size)
  return { page, context: app.context(), close: () => app.evaluate(({ app: program }) => program.quit()).catch(() => undefined) }
}

async function openBrowser(workspace) {
  const server = spawn(process.execPath, [join(root, 'bin/cellscope.js'), 'serve', '--workspace', workspace, '--no-open', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const address = await new Promise((found) => createInterface({ input: server.stdout }).on('line', (line) => JSON.parse(line).address && found(JSON.parse(line).address)))
  const browser = await chromium.launch({ executablePath: process.env.CELLSCOPE_CHROMIUM ?? '/usr/bin/chromium', args: sandbox })
  const context = await browser.newContext({ viewport: size })
  const page = await context.newPage()
  await page.goto(address)
  return {
    page,
    context,
    async close() {
      await browser.close()
      server.kill('SIGTERM')
    }
  }
}

await main()
