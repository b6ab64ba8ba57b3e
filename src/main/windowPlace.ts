/** Where the window stands, kept from one start to the next in a small file. */
import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const whole = z.number().int()

export const windowPlace = z.object({
  bounds: z.object({ x: whole.optional(), y: whole.optional(), width: whole.min(1), height: whole.min(1) }),
  maximized: z.boolean()
})

export interface Bounds {
  x?: number
  y?: number
  width: number
  height: number
}

export interface WindowPlace {
  bounds: Bounds
  maximized: boolean
}

const usual: WindowPlace = { bounds: { width: 1280, height: 860 }, maximized: false }

/** The place in `file` if it still is on one of the screens; else the usual size, wherever the system puts it. Never throws. */
export function readWindowPlace(file: string, screens: Required<Bounds>[]): WindowPlace {
  try {
    const { bounds, maximized } = windowPlace.parse(JSON.parse(readFileSync(file, 'utf8')))
    const { x, y, width, height } = bounds
    const size = { width: Math.max(720, width), height: Math.max(480, height) }
    if (x === undefined || y === undefined) return { bounds: size, maximized }
    const shows = screens.some((screen) => shared(x, width, screen.x, screen.width) >= 100 && shared(y, height, screen.y, screen.height) >= 100)
    return { bounds: shows ? { x, y, ...size } : size, maximized }
  } catch {
    return usual
  }
}

/** Never throws: a window that forgets its place is a small loss. */
export function writeWindowPlace(file: string, place: WindowPlace): void {
  try {
    writeFileSync(file, `${JSON.stringify(place)}\n`)
  } catch {
    // The folder of the program's own data cannot be written.
  }
}

/** Length that two stretches have in common, in pixels. */
function shared(start: number, length: number, otherStart: number, otherLength: number): number {
  return Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart)
}
