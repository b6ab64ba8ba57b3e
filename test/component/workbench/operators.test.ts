import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { countOperator } from '../../../src/core/countOperator.js'
import { darkColours, lightColours } from '../../../src/renderer/charts/chartColours.js'
import { operatorOption } from '../../../src/renderer/charts/operatorOption.js'
import { useLocale } from '../../../src/renderer/locales/useLocale.js'
import type { RequestInput } from '../../../src/shared/clientProtocol.js'
import { AppError } from '../../../src/shared/errors.js'
import { comparedOperators, publishedComparedMap, type ComparedMap, type OperatorComparison } from '../../../src/shared/operatorComparison.js'
import { fakeHost, summary } from './fakeHost.js'
import { forgetEverything, mountWorkbench, visit } from './mountWorkbench.js'

vi.setConfig({ testTimeout: 60_000 })
vi.mock('vue-echarts', () => ({ default: { name: 'VChart', props: ['option'], template: '<i />' } }))
afterEach(forgetEverything)

const milliseconds = [20, 40.5, 7, 12, 11, 31, 3.25]
function compared(map: ComparedMap = publishedComparedMap, threads = 1): OperatorComparison {
  return {
    map, rounds: 50, measuredAt: '2026-03-01T10:00:00.000Z', runtime: { name: 'onnxruntime', version: '1.2.3', threads },
    machine: { cpu: 'A processor', cores: 2, memoryBytes: 1e9, platform: 'linux-x64' },
    operators: comparedOperators.map((operator, index) => ({ ...countOperator(operator, map), medianMs: milliseconds[index], deviationMs: 0.25, count: 48 }))
  }
}

const button = (page: VueWrapper, text: string) => page.findAll('main button').find((each) => each.text() === text)!
const rowOf = (page: VueWrapper, name: string): string[] => {
  const row = page.findAll('main tbody tr').find((each) => each.get('th').text() === name)!
  return row.findAll('td').map((cell) => cell.text())
}

describe('Operators', () => {
  it('is empty at first, and measures the map of the paper where nothing else is chosen', async () => {
    const host = fakeHost({ compareOperators: () => compared() })
    const page = await mountWorkbench(host, '#/operators')
    expect(page.text()).toContain('Nothing was measured yet.')
    expect(page.find('main table').exists()).toBe(false)
    await page.get('main form').trigger('submit')
    await flushPromises()
    expect(host.requests.at(-1)).toEqual({ name: 'compareOperators', input: { map: { height: 32, width: 64, channels: 256 }, threads: 1, rounds: 50 } })
    expect(page.findAll('main tbody tr').map((row) => row.get('th').text())).toEqual(
      ['conv', 'conv ×2', 'zoomed conv', 'zoomed conv ×2', 'conv, 2 groups', 'conv, dilation 2', 'depthwise separable']
    )
    expect(rowOf(page, 'zoomed conv')).toEqual(['7 ms', '± 0.25 ms, 48 times', '35%', '302M', '590K', '8 × 8', 'yes'])
    expect(rowOf(page, 'conv, dilation 2')).toEqual(['31 ms', '± 0.25 ms, 48 times', '155%', '1.21B', '590K', '5 × 5', 'no'])
    expect(page.text()).toContain('1 × 256 × 32 × 64 · 50 rounds · 1 thread · onnxruntime 1.2.3 · A processor')
    expect(page.get('[role=img]').attributes('aria-label')).toBe('Latency against multiply-adds')
    await visit('#/start')
    await visit('#/operators')
    expect(page.findAll('main tbody tr')).toHaveLength(7)
    page.unmount()
  })

  it('asks for another map and more threads, shows how far it is, and can be cancelled', async () => {
    let end: (answer: OperatorComparison) => void = () => undefined
    const host = fakeHost({ compareOperators: () => new Promise((resolve) => { end = resolve }), cancel: () => ({}) })
    const page = await mountWorkbench(host, '#/operators')
    const [size, channels, threads] = page.findAll('main form select')
    await size.setValue('16x32')
    await channels.setValue('96')
    await threads.setValue('2')
    await page.get('main form').trigger('submit')
    await flushPromises()
    const input = host.requests.at(-1)?.input as RequestInput<'compareOperators'>
    expect(input).toMatchObject({ map: { height: 16, width: 32, channels: 96 }, threads: 2 })
    host.progress('compareOperators', 20, 50)
    await flushPromises()
    expect(page.get('main progress').attributes()).toMatchObject({ value: '20', max: '50' })
    expect(button(page, 'Measure this machine').attributes('disabled')).toBeDefined()
    await button(page, 'Cancel').trigger('click')
    await flushPromises()
    expect(host.count('cancel')).toBe(1)
    end(compared(input.map, 2))
    await flushPromises()
    expect(page.find('main progress').exists()).toBe(false)
    page.unmount()
  })

  it('speaks Chinese, warns where a run goes on, and says what went wrong', async () => {
    const host = fakeHost({
      listRuns: () => [summary({ live: 'running', progress: 'unfinished' })],
      compareOperators: () => { throw new AppError('engine.crashed', 'The engine ended.') }
    })
    const page = await mountWorkbench(host, '#/operators')
    expect(page.text()).toContain('A run is going on and slows the measurement down.')
    useLocale().locale.value = 'zh'
    await flushPromises()
    expect(page.get('main h1').text()).toBe('算子')
    await page.get('main form').trigger('submit')
    await flushPromises()
    expect(page.get('main [role=alert]').text()).toContain('The engine ended.')
    host.handlers.compareOperators = () => compared()
    await page.get('main form').trigger('submit')
    await flushPromises()
    expect(page.find('main [role=alert]').exists()).toBe(false)
    expect(page.findAll('main tbody tr').map((row) => row.get('th').text())).toContain('膨胀卷积（2）')
    page.unmount()
  })
})

describe('the chart of operators', () => {
  const point = { name: 'conv', multiplyAdds: 100, latencyMs: 8, tone: 'blue', shape: 'circle' } as const
  const data = { points: [point, { ...point, name: 'conv ×2', multiplyAdds: 200, latencyMs: 20 }], standard: point, xName: 'x', yName: 'y' }

  it('draws the speed of the standard convolution through it, to the right end, and a name at every point', () => {
    const drawn = operatorOption(data, lightColours, 'en').series as { name?: string; data: [number, number][]; label?: { position: string } }[]
    expect(drawn[0].data).toEqual([[0, 0], [200, 16]])
    expect(drawn.slice(1).map(({ name, data: [at], label }) => [name, at, label?.position])).toEqual([['conv', [100, 8], 'right'], ['conv ×2', [200, 20], 'left']])
  })

  it('has the colours of the ground', () => {
    const colour = (colours: typeof lightColours) => (operatorOption(data, colours, 'en').series as { color?: string }[])[1].color
    expect([colour(lightColours), colour(darkColours)]).toEqual([lightColours.tones.blue, darkColours.tones.blue])
  })
})
