/** What the window and its page cannot do, tried for real: in Electron, and where it applies in Chromium over `cellscope serve`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest'
import { root } from './places.js'
import { chromiumDriver } from './drivers/chromiumDriver.js'
import type { Sitting } from './drivers/driver.js'
import { electronDriver, type ElectronSitting } from './drivers/electronDriver.js'
import { until } from './until.js'

/** A server that must never be asked; each address asked for is remembered. */
const asked: string[] = []
let foreign: Server
let address: string

beforeAll(async () => {
  foreign = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.end('here')
  })
  await new Promise<void>((done) => foreign.listen(0, '127.0.0.1', done))
  const bound = foreign.address()
  address = typeof bound === 'object' && bound !== null ? `http://127.0.0.1:${bound.port}` : ''
})

afterAll(() => new Promise((done) => foreign.close(done)))

describe.each([electronDriver(), chromiumDriver()])('the content policy in $name', (driver) => {
  const step = it.runIf(driver.isHere)
  let person: Sitting

  beforeAll(async () => {
    if (driver.isHere) person = await driver.sit(join(inject('scratch'), `policy ${driver.name}`))
  })
  afterAll(async () => {
    if (driver.isHere) await person.quit()
  })

  step('has nothing to report of a session that goes through every page', async () => {
    for (const name of ['Data', 'New run', 'Runs', 'Start']) {
      await person.page().getByRole('navigation').getByRole('link', { name, exact: true }).click()
      await person.page().getByRole('heading', { level: 1, name }).waitFor()
    }
    await person.page().getByLabel('Appearance').selectOption('Dark')
    await person.page().getByLabel('Language').selectOption('zh')
    await person.page().getByRole('heading', { level: 1, name: '开始' }).waitFor()
    await person.page().getByRole('combobox').first().waitFor()
    expect(person.reports()).toEqual([])
  })

  const attacks: [string, string, (page: Page, address: string) => Promise<unknown>][] = [
    ['an inline script', 'script-src-elem', (page) => page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'window.broken = "inline"'
      document.body.append(script)
    })],
    ['an inline handler', 'script-src-attr', (page) => page.evaluate(() => {
      const button = document.createElement('button')
      button.setAttribute('onclick', 'window.broken = "handler"')
      document.body.append(button)
      button.click()
      button.remove()
    })],
    ['text that is made code', 'script-src', (page) => page.evaluate(() => {
      // In a task of the page itself: what the test evaluates is exempt.
      window.addEventListener('try-eval', () => setTimeout('window.broken = "eval"' as unknown as () => void))
      window.dispatchEvent(new Event('try-eval'))
    })],
    ['a script from elsewhere', 'script-src-elem', (page, from) => page.evaluate((source) => {
      const script = document.createElement('script')
      script.src = source
      document.body.append(script)
    }, `${from}/script.js`)],
    ['a picture from elsewhere', 'img-src', (page, from) => page.evaluate((source) => {
      new Image().src = source
    }, `${from}/picture.png`)],
    ['a request to elsewhere', 'connect-src', (page, from) => page.evaluate((source) => fetch(source).catch(() => undefined), `${from}/data`)],
    ['a style from elsewhere', 'style-src-elem', (page, from) => page.evaluate((source) => {
      const link = document.createElement('link')
      link.rel = 'stylesheet'
      link.href = source
      document.head.append(link)
    }, `${from}/style.css`)],
    ['a page in the page', 'frame-src', (page, from) => page.evaluate((source) => {
      const frame = document.createElement('iframe')
      frame.src = source
      document.body.append(frame)
    }, `${from}/frame`)]
  ]

  it.runIf(driver.isHere).each(attacks)('blocks and reports %s', async (_, directive, attack) => {
    const page = person.page()
    await page.evaluate(() => {
      const broken: string[] = []
      Object.assign(window, { violations: broken, broken: undefined })
      document.addEventListener('securitypolicyviolation', (event) => broken.push(event.effectiveDirective))
    })
    await attack(page, address)
    const violations = (): Promise<string[]> => page.evaluate(() => (window as unknown as { violations: string[] }).violations)
    await until('a report', violations, (found) => found.includes(directive), 10_000)
    expect(await page.evaluate(() => (window as { broken?: string }).broken)).toBeUndefined()
    expect(asked).toEqual([])
  })
})

const electron = electronDriver()

describe.runIf(electron.isHere)('the window', () => {
  let person: ElectronSitting

  beforeAll(async () => {
    person = await electron.sit(join(inject('scratch'), 'window'))
  })
  afterAll(() => person.quit())

  it('is made with the options that shut the page in', async () => {
    const made = await person.app.evaluate(({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!
      return (webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences()
    })
    expect(made).toMatchObject({
      sandbox: true, contextIsolation: true, nodeIntegration: false, nodeIntegrationInSubFrames: false,
      webSecurity: true, allowRunningInsecureContent: false, experimentalFeatures: false, webviewTag: false
    })
    // Electron leaves out this one where it is false.
    expect(made['nodeIntegrationInWorker'] ?? false).toBe(false)
  })

  it('gives the page one object with one method, and nothing of Node', async () => {
    const seen = await person.page().evaluate(() => {
      const bridge = (window as unknown as { cellscope: object }).cellscope
      return {
        bridge: Object.entries(bridge).map(([name, value]) => `${name}: ${typeof value}`),
        frozen: !Reflect.set(bridge, 'pathOf', () => 'mine') || !Reflect.set(bridge, 'more', 1),
        node: ['require', 'process', 'Buffer', 'global', 'module', 'ipcRenderer', 'electron', '__dirname'].filter((name) => name in window)
      }
    })
    expect(seen).toEqual({ bridge: ['pathOf: function'], frozen: true, node: [] })
  })

  it('tells no path of a file that has none', async () => {
    expect(await person.page().evaluate(() => {
      const { pathOf } = (window as unknown as { cellscope: { pathOf(file: unknown): string } }).cellscope
      return pathOf(new File(['x'], 'picture.png'))
    })).toBe('')
  })

  it('tells where a file lies that a person dropped', async () => {
    const file = join(inject('scratch'), 'été 测试.png')
    writeFileSync(file, 'picture')
    const page = person.page()
    await page.evaluate(() => {
      const input = document.createElement('input')
      input.type = 'file'
      input.id = 'dropped'
      document.body.append(input)
    })
    await page.locator('#dropped').setInputFiles(file)
    expect(await page.evaluate(() => {
      const { files } = document.querySelector<HTMLInputElement>('#dropped')!
      return (window as unknown as { cellscope: { pathOf(file: File): string } }).cellscope.pathOf(files![0]!)
    })).toBe(file)
  })

  it('does not go anywhere else', async () => {
    const before = person.page().url()
    for (const target of [`${address}/elsewhere`, 'file:///etc/passwd', 'app://evil/', 'https://example.org/']) {
      await person.page().evaluate((url) => window.location.assign(url), target).catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(person.page().url()).toBe(before)
    }
    expect(asked).toEqual([])
  })

  it('opens no window, and a browser only for the addresses on the list', async () => {
    const opened = await person.app.evaluate(({ shell }) => {
      const urls: string[] = []
      shell.openExternal = (url) => {
        urls.push(url)
        return Promise.resolve()
      }
      Object.assign(globalThis, { openedUrls: urls })
      return urls.length
    })
    expect(opened).toBe(0)
    const wanted = ['https://arxiv.org/abs/1912.10917', 'https://arxiv.org/abs/1912.10917?x', 'https://example.org/', 'http://arxiv.org/abs/1912.10917', 'file:///etc/passwd', 'javascript:1', 'about:blank']
    for (const url of wanted) expect(await person.page().evaluate((each) => window.open(each) === null, url)).toBe(true)
    expect(await person.app.evaluate(() => (globalThis as unknown as { openedUrls: string[] }).openedUrls)).toEqual([wanted[0]])
    expect(await person.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })

  it('is granted no permission but writing to the clipboard', async () => {
    const states = await person.page().evaluate(async () => {
      const names = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read', 'midi', 'clipboard-write']
      const found: Record<string, string> = {}
      for (const name of names) found[name] = (await navigator.permissions.query({ name: name as PermissionName })).state
      return found
    })
    expect(states).toEqual({ 'geolocation': 'denied', 'notifications': 'denied', 'camera': 'denied', 'microphone': 'denied', 'clipboard-read': 'denied', 'midi': 'denied', 'clipboard-write': 'granted' })
    expect(await person.page().evaluate(() => navigator.mediaDevices.getUserMedia({ audio: true }).then(() => 'given', (error: unknown) => String(error)))).not.toBe('given')
  })

  it('reads nothing outside the built page, and only reads', async () => {
    // A sibling whose name begins like the page's own folder, and the built program beside it.
    const sibling = join(root, 'out', 'workbench-secret')
    mkdirSync(sibling, { recursive: true })
    onTestFinished(() => rmSync(sibling, { recursive: true }))
    writeFileSync(join(sibling, 'index.html'), 'secret')
    const paths = [
      '/../main/main.cjs', '/../../package.json', '/..%2f..%2fpackage.json', '/%2e%2e/%2e%2e/package.json', '/%252e%252e/package.json', '/..%5c..%5cpackage.json',
      '/..\\..\\package.json', '/../workbench-secret/index.html', '/index.html%00.js', '//etc/passwd', '/assets/../../preload/preload.cjs', '/%2e%2e/preload/preload.cjs', '/nothing.js'
    ]
    const answers = await person.page().evaluate(
      (list) => Promise.all(list.map(async (path) => [path, (await fetch(`app://cellscope${path}`).catch(() => ({ status: 0 }))).status] as const)),
      paths
    )
    for (const [path, status] of answers) expect([path, [0, 404].includes(status)]).toEqual([path, true])
    const own = await person.page().evaluate(async () => {
      const methods = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD']
      return Promise.all(methods.map(async (method) => (await fetch('app://cellscope/index.html', { method }).catch(() => ({ status: 0 }))).status))
    })
    expect(own).toEqual([200, 405, 405, 405, 405])
    const header = await person.page().evaluate(async () => (await fetch('app://cellscope/index.html')).headers.get('content-security-policy'))
    expect(header).toContain("default-src 'none'")
  })

  it('reaches no network, even where the page tries behind its policy', async () => {
    const status = await person.app.evaluate(async ({ net, session }, url) => {
      return new Promise<string>((resolve) => {
        const request = net.request({ url, session: session.defaultSession })
        request.on('response', (response) => resolve(String(response.statusCode)))
        request.on('error', (error) => resolve(error.message))
        request.end()
      })
    }, `${address}/behind`)
    expect(status).toContain('ERR_BLOCKED_BY_CLIENT')
    expect(asked).toEqual([])
  })

  it('hands no port to a page that is not ours', async () => {
    const got = await person.app.evaluate(async ({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]!
      const options = (webContents as unknown as { getLastWebPreferences(): Electron.WebPreferences }).getLastWebPreferences()
      const other = new BrowserWindow({ show: false, webPreferences: options })
      await other.loadURL('data:text/html,<title>foreign</title>')
      const answer = String(await other.webContents.executeJavaScript(`new Promise((resolve) => {
        window.addEventListener('message', (event) => { if (event.data === 'cellscope-port') resolve('a port') })
        window.postMessage('cellscope-page-ready', '*')
        setTimeout(() => resolve('nothing'), 1500)
      })`))
      other.destroy()
      return answer
    })
    expect(got).toBe('nothing')
  })
})
