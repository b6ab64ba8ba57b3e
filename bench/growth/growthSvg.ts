import type { Curve } from './curve.js'

const [width, height, margin] = [300, 200, { left: 52, right: 14, top: 34, bottom: 36 }]
const panels = [
  { key: 'seconds', unit: 's', colour: '#1f6feb' },
  { key: 'peakMiB', unit: 'MiB', colour: '#c2410c' }
] as const

/** A panel for each curve's seconds and memory, both axes logarithmic, with the fitted line. */
export function growthSvg(curves: readonly Curve[]): string {
  const drawn = curves.flatMap((curve, column) => panels.map((panel, row) => drawPanel(curve, panel, column * width, row * height)))
  const size = `width="${curves.length * width}" height="${panels.length * height}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="11" fill="#333">\n<rect ${size} fill="#fff"/>\n${drawn.join('\n')}\n</svg>\n`
}

function drawPanel(curve: Curve, { key, unit, colour }: (typeof panels)[number], left: number, top: number): string {
  const law = curve[`${key}Law` as const]
  const points = curve.points.map((point) => ({ x: point.x, y: point[key] }))
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)]
  const column = axis(xs, left + margin.left, left + width - margin.right)
  const row = axis(ys, top + height - margin.bottom, top + margin.top)
  const [first, last] = [Math.min(...xs), Math.max(...xs)]
  const fitted = [first, last].map((x) => `${column(x)},${row(law.factor * x ** law.exponent)}`).join(' ')
  const bottom = top + height - margin.bottom
  return [
    `<text x="${left + margin.left}" y="${top + 18}" font-size="12">${unit} over ${curve.name}: exponent ${law.exponent.toFixed(2)}</text>`,
    `<path d="M${left + margin.left} ${top + margin.top}V${bottom}H${left + width - margin.right}" fill="none" stroke="#999"/>`,
    `<polyline points="${fitted}" fill="none" stroke="${colour}" stroke-dasharray="4 3"/>`,
    ...points.map(({ x, y }) => `<circle cx="${column(x)}" cy="${row(y)}" r="3" fill="${colour}"/>`),
    ...curve.points.map(({ x, label }) => `<text x="${column(x)}" y="${bottom + 14}" text-anchor="middle">${label}</text>`),
    ...[Math.min(...ys), Math.max(...ys)].map((y) => `<text x="${left + margin.left - 5}" y="${row(y) + 4}" text-anchor="end">${Number(y.toPrecision(2))}</text>`)
  ].join('\n')
}

/** From a value to its place between `from` and `to`, by logarithms, with a little air at both ends. */
function axis(values: readonly number[], from: number, to: number): (value: number) => number {
  const [low, high] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))]
  return (value) => Math.round(10 * (from + (to - from) * (0.06 + 0.88 * (high > low ? (Math.log(value) - low) / (high - low) : 0.5)))) / 10
}
