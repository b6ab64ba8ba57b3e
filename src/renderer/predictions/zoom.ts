/** How a picture is enlarged and moved: a point p of it (0..1 on both sides) stands at x + scale * p of the frame. */
export interface Zoom {
  scale: number
  x: number
  y: number
}

export const wholeImage: Zoom = { scale: 1, x: 0, y: 0 }
const largestScale = 16

/** Enlarges by `factor` so that the point under (x, y) of the frame stays where it is. */
export function zoomed(zoom: Zoom, factor: number, x = 0.5, y = 0.5): Zoom {
  const scale = Math.min(largestScale, Math.max(1, zoom.scale * factor))
  const grown = scale / zoom.scale
  return within({ scale, x: x - (x - zoom.x) * grown, y: y - (y - zoom.y) * grown })
}

/** Moves by parts of the frame. */
export function moved(zoom: Zoom, x: number, y: number): Zoom {
  return within({ scale: zoom.scale, x: zoom.x + x, y: zoom.y + y })
}

/** The frame stays full of picture. */
function within({ scale, x, y }: Zoom): Zoom {
  const clamp = (value: number): number => Math.min(0, Math.max(1 - scale, value))
  return { scale, x: clamp(x), y: clamp(y) }
}
