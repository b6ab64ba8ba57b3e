/** The ECharts option of the comparison of operators: latency against multiply-adds. */
import type { EChartsOption, SeriesOption } from 'echarts'
import { formatted } from '../locales/formatted.js'
import type { Locale } from '../locales/locale.js'
import type { ChartColours } from './chartColours.js'
import type { PlaneShape } from './planeOption.js'
import type { Tone } from './series.js'

export interface OperatorPoint {
  name: string
  multiplyAdds: number
  latencyMs: number
  tone: Tone
  shape: PlaneShape
}

export interface OperatorChartData {
  points: OperatorPoint[]
  /** The operator through which the line of equal speed goes: as many multiply-adds a millisecond. */
  standard: OperatorPoint
  xName: string
  yName: string
}

export function operatorOption(data: OperatorChartData, colours: ChartColours, locale: Locale): EChartsOption {
  const axis = (name: string, kind: 'ms' | 'count', gap: number) => ({
    type: 'value' as const, min: 0, name, nameLocation: 'middle' as const, nameGap: gap, nameTextStyle: { color: colours.faint, fontSize: 11 },
    axisLabel: { color: colours.faint, fontSize: 11, formatter: (value: number) => formatted(value, kind, locale) },
    axisLine: { lineStyle: { color: colours.grid } }, axisTick: { show: false }, splitLine: { lineStyle: { color: colours.grid } }
  })
  const widest = Math.max(...data.points.map(({ multiplyAdds }) => multiplyAdds))
  return {
    animation: false,
    grid: { left: 64, right: 28, top: 24, bottom: 46 },
    tooltip: {
      trigger: 'item', renderMode: 'richText', confine: true, backgroundColor: colours.ground, borderColor: colours.grid,
      textStyle: { color: colours.text, fontSize: 12 },
      formatter: (item) => {
        const { seriesName, value } = item as unknown as { seriesName: string; value: [number, number] }
        return `${seriesName}\n${formatted(value[0], 'count', locale)} · ${formatted(value[1], 'ms', locale)}`
      }
    },
    xAxis: axis(data.xName, 'count', 26),
    yAxis: axis(data.yName, 'ms', 48),
    series: [equalSpeed(data.standard, widest, colours), ...data.points.map((point) => operatorPoint(point, widest, colours))]
  }
}

function equalSpeed({ multiplyAdds, latencyMs }: OperatorPoint, widest: number, colours: ChartColours): SeriesOption {
  return {
    type: 'line', silent: true, showSymbol: false, lineStyle: { color: colours.tones.grey, type: 'dashed', width: 1.25 },
    data: [[0, 0], [widest, multiplyAdds === 0 ? 0 : (latencyMs * widest) / multiplyAdds]], tooltip: { show: false }
  }
}

/** Its name stands beside it, on the side where there is room. */
function operatorPoint({ name, multiplyAdds, latencyMs, tone, shape }: OperatorPoint, widest: number, colours: ChartColours): SeriesOption {
  return {
    type: 'scatter', name, color: colours.tones[tone], symbol: shape, symbolSize: 13, data: [[multiplyAdds, latencyMs]],
    itemStyle: { borderColor: colours.ground, borderWidth: 1 },
    label: { show: true, formatter: name, position: multiplyAdds > 0.7 * widest ? 'left' : 'right', distance: 8, color: colours.text, fontSize: 12 },
    labelLayout: { moveOverlap: 'shiftY' }
  }
}
