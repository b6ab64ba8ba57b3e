/** The ECharts option of the accuracy / latency plane. */
import type { EChartsOption, SeriesOption } from 'echarts'
import { formatted } from '../locales/formatted.js'
import type { Locale } from '../locales/locale.js'
import type { ChartColours } from './chartColours.js'
import type { Level, Tone } from './series.js'

/** Shapes, so that networks are told apart without colour too. */
export type PlaneShape = 'circle' | 'diamond' | 'triangle' | 'rect' | 'pin'

/** The way that a search took: x milliseconds, y mIoU, in the order of time. */
export interface Trajectory {
  name: string
  points: [number, number][]
  tone: Tone
}

/** A trained network. */
export interface PlanePoint {
  name: string
  latencyMs: number
  meanIoU: number
  tone: Tone
  shape: PlaneShape
}

export interface PlaneData {
  trajectories: Trajectory[]
  networks: PlanePoint[]
  xName: string
  yName: string
  target?: Level | undefined
}

export function planeOption(data: PlaneData, colours: ChartColours, locale: Locale): EChartsOption {
  const axis = (name: string, kind: 'ms' | 'roundPercent', gap: number) => ({
    type: 'value' as const, scale: true, name, nameLocation: 'middle' as const, nameGap: gap, nameTextStyle: { color: colours.faint, fontSize: 11 },
    axisLabel: { color: colours.faint, fontSize: 11, formatter: (value: number) => formatted(value, kind, locale) },
    axisLine: { lineStyle: { color: colours.grid } }, axisTick: { show: false }, splitLine: { lineStyle: { color: colours.grid } }
  })
  return {
    animation: false,
    grid: { left: 64, right: 24, top: 56, bottom: 46 },
    legend: { top: 0, left: 56, itemWidth: 22, itemHeight: 10, textStyle: { color: colours.faint, fontSize: 11 } },
    tooltip: {
      trigger: 'item', renderMode: 'richText', confine: true, backgroundColor: colours.ground, borderColor: colours.grid,
      textStyle: { color: colours.text, fontSize: 12 },
      formatter: (item) => {
        const { seriesName, value } = item as unknown as { seriesName: string; value: [number, number] }
        return `${seriesName}\n${formatted(value[0], 'ms', locale)} · ${formatted(value[1], 'percent', locale)}`
      }
    },
    // The target is always in the picture.
    xAxis: { ...axis(data.xName, 'ms', 26), max: ({ max }) => (data.target && data.target.value > max ? Math.ceil(data.target.value * 1.05) : null) },
    yAxis: axis(data.yName, 'roundPercent', 48),
    series: [...data.trajectories.map((trajectory) => trajectoryLine(trajectory, colours)), ...data.networks.map((point) => networkPoint(point, colours)), ...targetLine(data, colours)]
  }
}

/** Pale at its beginning by size: dots grow from start to end. */
function trajectoryLine({ name, points, tone }: Trajectory, colours: ChartColours): SeriesOption {
  return {
    type: 'line', name, color: colours.tones[tone], lineStyle: { width: 1.5, type: 'dashed', opacity: 0.7 }, showSymbol: true, symbol: 'circle',
    data: points.map((value, index) => ({ value, symbolSize: 4 + (5 * (index + 1)) / points.length }))
  }
}

function networkPoint({ name, latencyMs, meanIoU, tone, shape }: PlanePoint, colours: ChartColours): SeriesOption {
  return {
    type: 'scatter', name, color: colours.tones[tone], symbol: shape, symbolSize: 14, data: [[latencyMs, meanIoU]],
    itemStyle: { borderColor: colours.ground, borderWidth: 1 }
  }
}

function targetLine({ target }: PlaneData, colours: ChartColours): SeriesOption[] {
  if (!target) return []
  return [{
    type: 'line', data: [], silent: true,
    markLine: {
      symbol: 'none', lineStyle: { color: colours.tones.grey, type: 'dotted', width: 1.5 },
      label: { position: 'insideEndTop', color: colours.faint, fontSize: 11, formatter: target.name },
      data: [{ xAxis: target.value }]
    }
  }]
}
