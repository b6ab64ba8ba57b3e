/** `cellscope serve`, seen with a real Chromium. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium, type Page } from 'playwright-core'
import { inject } from 'vitest'
import { until } from '../until.js'
import { patience } from '../patience.js'
import { root, sandboxSwitch } from '../places.js'
import type { Driver, Sitting } from './driver.js'
import { policyReports } from './policyReports.js'

/** @param program path of Chromium, null where it is not here */
export function chromiumDriver(program = inject('chromium')): Driver {
  return { name: 'Chromium', isHere: program !== null, sit: (workspace) => sit(program ?? '', workspace) }
}

async function sit(program: string, workspace: string): Promise<Sitting> {
  const server = spawn(process.execPath, [join(root, 'bin/cellscope.js'), 'serve', '--workspace', workspace, '--no-open', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const address = await addressOf(server.stdout)
  const browser = await chromium.launch({ executablePath: program, args: sandboxSwitch })
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, acceptDownloads: true })
  const watch = policyReports()
  let page = await open(address)

  async function open(url: string): Promise<Page> {
    const opened = await context.newPage()
    watch.page(opened)
    opened.setDefaultTimeout(30_000 * patience)
    await opened.goto(url)
    await opened.getByRole('navigation').first().waitFor()
    return opened
  }

  return {
    page: () => page,
    pid: server.pid ?? 0,
    closeWindow: () => page.close(),
    async comeBack() {
      page = await open(new URL('/', address).href)
    },
    async crashPage(shows = '') {
      const url = page.url()
      const dead = page.waitForEvent('crash')
      const line = await context.newCDPSession(page)
      line.send('Page.crash').catch(() => undefined)
      await dead
      await page.close()
      page = await open(url)
      return until('the page is back', () => page.locator('body').innerText(), (found) => found.includes(shows))
    },
    async exportWith(button, file) {
      await page.getByRole('button', { name: button }).click()
      const link = page.getByRole('link', { name: 'Download' }).first()
      await link.waitFor({ timeout: 90_000 * patience })
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
      await download.saveAs(file)
    },
    async quit() {
      await browser.close()
      server.kill('SIGINT')
      await ended
    },
    reports: watch.reports
  }
}

/** The first line of the server tells where it listens. */
function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: output })
    lines.on('line', (line) => {
      const told = JSON.parse(line) as { address?: string; value?: { address?: string } }
      const address = told.address ?? told.value?.address
      if (address !== undefined) resolve(address)
    })
    lines.on('close', () => reject(new Error('The server ended before it told its address.')))
  })
}
