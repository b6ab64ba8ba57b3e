import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readWindowPlace, writeWindowPlace } from '../../../src/main/windowPlace.js'

const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }]
const usual = { bounds: { width: 1280, height: 860 }, maximized: false }
const file = (): string => join(mkdtempSync(join(tmpdir(), 'cellscope-place-')), 'window.json')

describe("the window's place", () => {
  it('is what it was at the last end', () => {
    const path = file()
    const place = { bounds: { x: 100, y: 50, width: 1000, height: 700 }, maximized: true }
    writeWindowPlace(path, place)
    expect(readWindowPlace(path, screens)).toEqual(place)
  })

  it('keeps its size and not its place when the screen is gone', () => {
    const path = file()
    writeWindowPlace(path, { bounds: { x: 3000, y: 50, width: 1000, height: 700 }, maximized: false })
    expect(readWindowPlace(path, screens)).toEqual({ bounds: { width: 1000, height: 700 }, maximized: false })
  })

  it.each(['', '{', '[]', '{"bounds":{"width":"wide"}}', '{"bounds":{"width":-4,"height":700},"maximized":false}', 'null'])('is the usual one when the file says %j', (text) => {
    const path = file()
    writeFileSync(path, text)
    expect(readWindowPlace(path, screens)).toEqual(usual)
  })

  it('is the usual one at the first start, and cannot fail to be kept', () => {
    expect(readWindowPlace('/nowhere/window.json', screens)).toEqual(usual)
    expect(() => writeWindowPlace('/nowhere/window.json', usual)).not.toThrow()
  })
})
