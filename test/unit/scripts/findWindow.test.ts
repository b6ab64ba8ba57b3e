import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findWindow } from '../../../scripts/start/findWindow.mjs'

const folder = mkdtempSync(join(tmpdir(), 'cellscope-electron-'))
const electron = join(folder, 'electron')
writeFileSync(electron, '')
chmodSync(electron, 0o755)

describe('a window', () => {
  it('needs Electron and, on Linux, a display', () => {
    const found = { electron }
    expect(findWindow({ ELECTRON_OVERRIDE_DIST_PATH: folder, DISPLAY: ':1' }, 'linux')).toEqual(found)
    expect(findWindow({ ELECTRON_OVERRIDE_DIST_PATH: folder, WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toEqual(found)
    expect(findWindow({ ELECTRON_OVERRIDE_DIST_PATH: folder }, 'linux')).toEqual({ missing: expect.stringContaining('no display') })
  })

  it('is missed with the reason and what to do', () => {
    const elsewhere = { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'nothing'), DISPLAY: ':1' }
    expect(findWindow(elsewhere, 'linux')).toEqual({ missing: expect.stringContaining(join(folder, 'nothing', 'electron')) })
    expect(findWindow({ ...elsewhere, CELLSCOPE_NO_WINDOW: '1' }, 'linux')).toEqual({ missing: 'CELLSCOPE_NO_WINDOW is set' })
  })
})
