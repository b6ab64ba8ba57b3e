/** The ECharts option of a chart of curves over steps. */
import type { EChartsOption, SeriesOption } from 'echarts'
import { formatted } from '../locales/formatted.js'
import type { Locale } from '../locales/locale.js'
import type { ChartColours } from './chartColours.js'
import { runningMean } from './runningMean.js'
import type { AxisRange, Level, Series, ValueKind } from './series.js'

export interface CurveChartData {
  series: Series[]
  xName: string
  kind: ValueKind
  /** Fixed y axis; otherwise it follows the data. */
  yRange?: AxisRange | undefined
  levels?: Level[] | undefined
  /** Rows that the legend needs, where names are many or long; default 1. */
  legendRows?: number | undefined
}

/** In pixels. */
export const legendRowHeight = 23

/** Two dashes, for the legend: a curve that is dashed must be told from the solid one of its colour. */
const dashedIcon = 'path://M0 0h7v8h-7z M9 0h7v8h-7z'

export function curveOption(data: CurveChartData, colours: ChartColours, locale: Locale): EChartsOption {
  const format = (value: number): string => formatted(value, data.kind, locale)
  const onAxis = (value: number): string => formatted(value, data.kind === 'percent' ? 'roundPercent' : data.kind, locale)
  return {
    animation: false,
    grid: { left: 56, right: data.levels?.length ? 56 : 14, top: 30 + legendRowHeight * ((data.legendRows ?? 1) - 1), bottom: 40 },
    legend: {
      top: 0, left: 48, itemWidth: 16, itemHeight: 8, itemGap: 12, textStyle: { color: colours.faint, fontSize: 11 },
      data: data.series.map(({ name, dashed }) => ({ name, icon: dashed ? dashedIcon : 'roundRect' }))
    },
    tooltip: {
      trigger: 'axis', renderMode: 'richText', confine: true, backgroundColor: colours.ground, borderColor: colours.grid,
      textStyle: { color: colours.text, fontSize: 12 },
      valueFormatter: (value) => (typeof value === 'number' ? format(value) : String(value))
    },
    xAxis: {
      type: 'value', min: 'dataMin', max: 'dataMax', minInterval: 1, name: data.xName, nameLocation: 'middle', nameGap: 24,
      nameTextStyle: { color: colours.faint, fontSize: 11 },
      axisPointer: { label: { formatter: ({ value }) => `${data.xName} ${formatted(Number(value), 'number', locale)}` } },
      axisLine: { lineStyle: { color: colours.grid } }, axisTick: { show: false }, splitLine: { show: false }, axisLabel: { color: colours.faint, fontSize: 11 }
    },
    yAxis: {
      type: 'value', scale: true, splitNumber: 4, ...data.yRange,
      axisLabel: { color: colours.faint, fontSize: 11, formatter: onAxis }, splitLine: { lineStyle: { color: colours.grid } }
    },
    series: [...data.series.flatMap((series) => lines(series, colours)), ...levelLines(data, colours, format)]
  }
}

function lines(series: Series, colours: ChartColours): SeriesOption[] {
  const color = colours.tones[series.tone]
  const line: SeriesOption = {
    type: 'line', name: series.name, data: series.points, showSymbol: (series.dots ?? false) || series.points.length === 1, symbolSize: 6, color,
    lineStyle: { width: 1.75, type: series.dashed ? 'dashed' : 'solid' }
  }
  if (!series.smoothed) return [line]
  const shadow: SeriesOption = {
    type: 'line', data: series.shadow ?? series.points, showSymbol: false, silent: true, color, lineStyle: { width: 1, opacity: 0.22 },
    tooltip: { show: false }
  }
  return [shadow, { ...line, data: runningMean(series.points, series.points.length / 40) }]
}

/** Levels stand in a series of their own, so that they are there when a curve is hidden. */
function levelLines({ levels, yRange }: CurveChartData, colours: ChartColours, format: (value: number) => string): SeriesOption[] {
  const shown = (levels ?? []).filter(({ value }) => !yRange || (value >= yRange.min && value <= yRange.max))
  if (shown.length === 0) return []
  return [{
    type: 'line', data: [], silent: true,
    markLine: {
      symbol: 'none', lineStyle: { color: colours.tones.grey, type: 'dotted', width: 1.5 },
      label: { position: 'end', color: colours.faint, fontSize: 11, formatter: ({ name, value }) => `${name}\n${format(Number(value))}` },
      data: shown.map(({ name, value }) => ({ name, yAxis: value }))
    }
  }]
}
