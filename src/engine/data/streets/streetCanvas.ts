/** The picture while it is painted, at twice the final size in both directions, and the camera that looks at the street. */

/** World: x to the right, y up, z along the street, metres; the camera stands at z = 0. */
export interface StreetCamera {
  x: number
  y: number
  cosYaw: number
  sinYaw: number
  /** Focal length and horizon, in canvas pixels. */
  focal: number
  horizon: number
}

export interface StreetCanvas {
  width: number
  height: number
  /** Light, about 0..1, [height, width, 3]. */
  colour: Float32Array
  /** Class ids, [height, width]. */
  classes: Uint8Array
  /** Metres along the viewing axis, [height, width]; infinite for the sky. */
  depth: Float32Array
  /** 1 where the sun does not reach the ground. */
  shadow: Uint8Array
}

export type Rgb = readonly [number, number, number]

/**
 * One canvas pixel on its way: where on the panel it lies, then what a painter makes of it. One object is used for all of them, and numbers
 * travel in it and not as arguments, because a number passed to a function that is not inlined costs an allocation, millions of times.
 */
export interface Brush {
  /** Metres from the panel's start, and above ground. */
  along: number
  up: number
  /** Brightness of the surface here. */
  light: number
  red: number
  green: number
  blue: number
  class: number
}

let scratch: StreetCanvas | undefined

/** An empty canvas. There is one, and it is used again: a scene is drawn in one go, and fresh megabytes for each would keep the collector busy. */
export function emptyCanvas(width: number, height: number): StreetCanvas {
  if (scratch?.width !== width || scratch.height !== height) scratch = createCanvas(width, height)
  scratch.depth.fill(Infinity)
  scratch.shadow.fill(0)
  scratch.colour.fill(0)
  return scratch
}

function createCanvas(width: number, height: number): StreetCanvas {
  const pixels = width * height
  return {
    width,
    height,
    colour: new Float32Array(pixels * 3),
    classes: new Uint8Array(pixels),
    depth: new Float32Array(pixels),
    shadow: new Uint8Array(pixels)
  }
}

/** Sideways and forward distance from the camera of the ground point (x, z). */
export function toCamera(camera: StreetCamera, x: number, z: number): { side: number; ahead: number } {
  const dx = x - camera.x
  return { side: dx * camera.cosYaw - z * camera.sinYaw, ahead: dx * camera.sinYaw + z * camera.cosYaw }
}

export function setBrush(brush: Brush, colour: Rgb, light: number): void {
  brush.red = colour[0] * light
  brush.green = colour[1] * light
  brush.blue = colour[2] * light
}
