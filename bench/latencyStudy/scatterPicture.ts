/** The scatter of a study as SVG: a panel a size, on white in both themes. */
import type { Study } from './study.js'

const [panel, left, top, bottom, gap] = [380, 64, 46, 56, 40]
const style = 'font-family="system-ui, sans-serif" font-size="12" fill="#222"'

export function scatterPicture(studies: readonly Study[]): string {
  const width = studies.length * (left + panel + gap)
  const height = top + panel + bottom
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    '<title>Predicted against measured latency of random derived networks</title>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...studies.map((study, index) => panelOf(study, index * (left + panel + gap) + left)),
    '</svg>',
    ''
  ].join('\n')
}

function panelOf({ size, networks, corrected, sum }: Study, x0: number): string {
  const values = networks.flatMap(({ latencyMs, sumMs, correctedMs }) => [latencyMs, sumMs, correctedMs])
  const step = niceStep(Math.max(...values) / 6)
  const most = Math.ceil(Math.max(...values) / step) * step
  const x = (ms: number): string => (x0 + (ms / most) * panel).toFixed(1)
  const y = (ms: number): string => (top + panel - (ms / most) * panel).toFixed(1)
  const ticks = Array.from({ length: Math.round(most / step) + 1 }, (_, index) => index * step)
  return [
    `<g ${style}>`,
    `<text x="${x0}" y="20" font-size="14">${size}: Pearson ${corrected.pearson.toFixed(4)}, median error ${percent(corrected.medianError)}</text>`,
    `<text x="${x0}" y="36" fill="#777">plain sum: ${sum.pearson.toFixed(4)}, ${percent(sum.medianError)} (hollow)</text>`,
    ...ticks.flatMap((tick) => [
      `<path d="M${x(0)} ${y(tick)}H${x(most)}M${x(tick)} ${y(0)}V${y(most)}" stroke="#e4e4e4"/>`,
      `<text x="${x(tick)}" y="${top + panel + 16}" text-anchor="middle">${tick}</text>`,
      `<text x="${x0 - 6}" y="${Number(y(tick)) + 4}" text-anchor="end">${tick}</text>`
    ]),
    `<path d="M${x(0)} ${y(0)}L${x(most)} ${y(most)}" stroke="#999"/>`,
    ...networks.map(({ latencyMs, sumMs }) => `<circle cx="${x(latencyMs)}" cy="${y(sumMs)}" r="2.5" fill="none" stroke="#b9a06a"/>`),
    ...networks.map(({ latencyMs, correctedMs }) => `<circle cx="${x(latencyMs)}" cy="${y(correctedMs)}" r="2.5" fill="#1f5fa8"/>`),
    `<text x="${x0 + panel / 2}" y="${top + panel + 40}" text-anchor="middle">measured, ms</text>`,
    `<text transform="translate(${x0 - 44} ${top + panel / 2}) rotate(-90)" text-anchor="middle">predicted, ms</text>`,
    '</g>'
  ].join('\n')
}

function niceStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw))
  return [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw) ?? 10 * power
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} %`
}
