import type { MenuItemConstructorOptions } from 'electron'
import { describe, expect, it } from 'vitest'
import { menuTemplate } from '../../../src/main/menuTemplate.js'
import { menuWords } from '../../../src/main/menuWords.js'

const nothing = (): void => undefined
const commands: string[] = []
const actions = { command: (command: string) => commands.push(command), showRunsFolder: nothing, openPaper: nothing, about: nothing, quit: nothing }

/** Every item of the menu, the inner ones too. */
function items(language: 'en' | 'zh'): MenuItemConstructorOptions[] {
  return menuTemplate(menuWords[language], actions).flatMap((item) => [item, ...(item.submenu as MenuItemConstructorOptions[])])
}

describe.each(['en', 'zh'] as const)('the menu in %s', (language) => {
  it('has a word on every item', () => {
    for (const item of items(language)) if (item.type !== 'separator') expect(item.label).toMatch(/\S/)
  })

  it('uses no accelerator twice', () => {
    const used = items(language).flatMap(({ accelerator }) => accelerator ?? [])
    expect(used).toHaveLength(new Set(used).size)
    expect(used).toEqual(expect.arrayContaining(['CmdOrCtrl+N', 'CmdOrCtrl+O', 'CmdOrCtrl+Q', ...'123456789'.split('').map((key) => `CmdOrCtrl+${key}`)]))
  })

  it('asks the page for what belongs to the page', () => {
    commands.length = 0
    for (const { click } of items(language)) (click as (() => void) | undefined)?.()
    expect(commands).toEqual(['new', 'open-folder', 'pause', 'stop', 'start', 'data', 'search', 'lattice', 'networks', 'predictions', 'runs', 'export', 'operators', 'theme', 'language'])
  })
})
