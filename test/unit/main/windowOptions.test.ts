import { describe, expect, it } from 'vitest'
import { windowOptions } from '../../../src/main/windowOptions.js'

const options = windowOptions('/program/preload.cjs', { place: { bounds: { x: 1, y: 2, width: 900, height: 600 }, maximized: false }, dark: true })

describe('the options of every window', () => {
  it('shut the page in', () => {
    // Written out, so that a change of one of them is a change of this test.
    expect(options.webPreferences).toEqual({
      preload: '/program/preload.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false
    })
  })

  it('place it and begin in the colour of the theme', () => {
    expect(options).toMatchObject({ x: 1, y: 2, width: 900, height: 600, show: false, backgroundColor: '#181c21' })
  })
})
