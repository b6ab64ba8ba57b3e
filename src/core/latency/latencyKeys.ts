/** Everything that has to be timed for a space: each part of every network that can be derived from it, student's and teacher's. */
import { channels, operators, scales, type SearchSpace } from '../../shared/architecture.js'
import { latencyKeyText, type LatencyKey } from '../../shared/latencyTable.js'
import { stemWidths } from './stemWidths.js'

/** Image size in pixels, multiples of 32. Each key once, in a stable order. A stride-1 skip is not timed: it costs nothing. */
export function latencyKeys(space: SearchSpace, size: { height: number; width: number }): LatencyKey[] {
  const keys = [...stemKeys(space, size), ...operatorKeys(space, size), ...refineKeys(space, size), ...headKeys(space, size)]
  const byText = new Map(keys.map((key) => [latencyKeyText(key), key]))
  return [...byText.values()]
}

function stemKeys(space: SearchSpace, size: { height: number; width: number }): LatencyKey[] {
  return stemWidths(space).map((width) => (
    { part: 'stem', ...size, inChannels: 3, outChannels: channels(8, space.baseWidth, width), stride: 8 }
  ))
}

function operatorKeys(space: SearchSpace, size: { height: number; width: number }): LatencyKey[] {
  return scales.flatMap((scale, row) => {
    const strides = row < 2 ? [1, 2] : [1]
    return strides.flatMap((stride) => widthPairs(space, row, stride).flatMap(([widthIn, widthOut]) => {
      const inChannels = channels(scale, space.baseWidth, widthIn)
      const outChannels = channels(scale * stride, space.baseWidth, widthOut)
      const timed = operators.filter((operator) => operator !== 'skip' || stride === 2)
      return timed.map((part): LatencyKey => ({ part, ...mapSize(size, scale), inChannels, outChannels, stride }))
    }))
  })
}

/** Widths in and out of a cell. The first cell has the stem's width in, the last cell the head's width out; both may be one cell. */
function widthPairs(space: SearchSpace, row: number, stride: number): [number, number][] {
  const pairs = space.widths.flatMap((widthIn) => space.widths.map((widthOut): [number, number] => [widthIn, widthOut]))
  for (const fixed of stemWidths(space)) {
    if (row === 0) pairs.push(...space.widths.map((width): [number, number] => [fixed, width]))
    if (stride === 1) pairs.push(...space.widths.map((width): [number, number] => [width, fixed]))
    if (row === 0 && stride === 1) pairs.push([fixed, fixed])
  }
  return pairs
}

function refineKeys(space: SearchSpace, size: { height: number; width: number }): LatencyKey[] {
  return stemWidths(space).flatMap((fixed) => ([16, 8] as const).flatMap((scale): LatencyKey[] => {
    const coarse = mapSize(size, scale * 2)
    const outChannels = channels(scale, space.baseWidth, fixed)
    const laterals = [...space.widths, fixed].map((width) => channels(scale, space.baseWidth, width))
    return [
      { part: 'conv1x1', ...coarse, inChannels: channels(scale * 2, space.baseWidth, fixed), outChannels, stride: 1 },
      { part: 'resize', ...coarse, inChannels: outChannels, outChannels, stride: 2 },
      ...laterals.map((lateral): LatencyKey => (
        { part: 'conv3x3', ...mapSize(size, scale), inChannels: outChannels + lateral, outChannels, stride: 1 }
      ))
    ]
  }))
}

/** Heads and fusions of one, two and three branches. */
function headKeys(space: SearchSpace, size: { height: number; width: number }): LatencyKey[] {
  const eighth = mapSize(size, 8)
  const heads = stemWidths(space).flatMap((fixed) => [1, 2, 3].flatMap((branches): LatencyKey[] => {
    const joined = branches * channels(8, space.baseWidth, fixed)
    const head: LatencyKey = { part: 'head', ...eighth, inChannels: joined, outChannels: space.classes, stride: 1 }
    const fusion: LatencyKey = { part: 'conv1x1', ...eighth, inChannels: joined, outChannels: joined, stride: 1 }
    return branches === 1 ? [head] : [fusion, head]
  }))
  return [...heads, { part: 'resize', ...eighth, inChannels: space.classes, outChannels: space.classes, stride: 8 }]
}

function mapSize(size: { height: number; width: number }, scale: number): { height: number; width: number } {
  return { height: size.height / scale, width: size.width / scale }
}
