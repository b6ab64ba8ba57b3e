import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testHeadless } from './testHeadless.js'
import { goodWorker, patientWorker } from './workers.js'

let folder = ''
let workspace = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'))
  workspace = join(folder, 'work space 工作区')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a job', () => {
  it('gets absolute paths and checked choices, and its answer is shown', async () => {
    writeFileSync(join(folder, 'architecture.json'), '{}')
    const test = testHeadless(workspace, (worker, command) => {
      if (command.command !== 'job') return
      worker.say({ message: 'progress', task: 'Writing', done: 1, total: 2, remainingSeconds: 1 })
      worker.say({ message: 'result', value: { path: 'x' } })
      worker.exit({ code: 0 })
    })
    const { code, out } = await test.run(
      'export',
      join(folder, 'architecture.json'),
      '--init',
      'random',
      '--seed',
      '9',
      '--format',
      'onnx',
      '--size',
      '64x128',
      '--out',
      join(folder, 'x.onnx')
    )
    expect(code).toBe(0)
    expect(out).toBe(`Writing\nWritten: ${join(folder, 'x.onnx')}\n`)
    expect(test.engine.worker().commands[0]).toEqual({
      command: 'job',
      job: 'export',
      input: {
        model: join(folder, 'architecture.json'),
        network: 'student',
        weights: { kind: 'random', seed: 9 },
        compare: false,
        format: 'onnx',
        height: 64,
        width: 128,
        out: join(folder, 'x.onnx')
      }
    })
  })

  it('that dies is a fault', async () => {
    const test = testHeadless(workspace, (worker) => {
      worker.write('Illegal instruction')
      worker.exit({ signal: 'SIGILL' })
    })
    const { code, error } = await test.run('scan')
    expect(code).toBe(3)
    expect(error).toContain('The engine ended with signal SIGILL during "scan". Illegal instruction')
  })
})

describe('readers', () => {
  it('inspect prints layers, parameters and multiply-adds', async () => {
    const path = join(folder, 'architecture.json')
    writeFileSync(path, JSON.stringify(architecture))
    const { code, out } = await testHeadless(workspace).run('inspect', path, '--size', '64x128', '--json')
    expect(code).toBe(0)
    const inspection = JSON.parse(out) as {
      parameters: number
      multiplyAdds: number
      layers: { name: string; parameters: number; multiplyAdds: number }[]
    }
    expect(inspection).toMatchObject({ name: 'two cells', classes: 5, height: 64, width: 128, branches: [{ finalScale: 16, cells: 2 }] })
    expect(inspection.layers.reduce((sum, layer) => sum + layer.parameters, 0)).toBe(inspection.parameters)
    expect(inspection.layers.reduce((sum, layer) => sum + layer.multiplyAdds, 0)).toBe(inspection.multiplyAdds)
    const twice = JSON.parse((await testHeadless(workspace).run('inspect', path, '--size', '128x256', '--json')).out) as typeof inspection
    expect(twice.parameters).toBe(inspection.parameters)
    expect(twice.multiplyAdds).toBe(4 * inspection.multiplyAdds)
    const text = (await testHeadless(workspace).run('inspect', path, '--size', '64x128')).out
    expect(text).toContain(`(${inspection.parameters})`)
  })

  it.each([
    ['version', { version: 2 }, 'expected architecture version 1, found 2'],
    [
      'operator',
      { branches: [{ finalScale: 8, cells: [{ layer: 0, operator: 'magic', scale: 8, downsample: false, width: 12 }] }] },
      'branches.0.cells.0.operator'
    ],
    [
      'path',
      { branches: [{ finalScale: 32, cells: [{ layer: 0, operator: 'conv', scale: 8, downsample: true, width: 12 }] }] },
      'its cells end at scale 16'
    ],
    [
      'order',
      {
        branches: [{ finalScale: 8, cells: [1, 1].map((layer) => ({ layer, operator: 'conv', scale: 8, downsample: false, width: 12 })) }]
      },
      'expected a layer after 1'
    ],
    ['no branch', { branches: [] }, 'branches'],
    ['a stray key', { extra: 1 }, 'extra']
  ])('inspect refuses an architecture with a wrong %s', async (_, change, sentence) => {
    const path = join(folder, 'architecture.json')
    writeFileSync(path, JSON.stringify({ ...architecture, ...change }))
    const { code, error } = await testHeadless(workspace).run('inspect', path)
    expect(code).toBe(1)
    expect(error).toContain(sentence)
    expect(error).toContain('architecture.json')
  })

  it('runs lists runs, also one that cannot be read', async () => {
    await testHeadless(workspace, goodWorker).run('run', '--preset', 'tiny', '--name', 'done')
    await testHeadless(workspace, patientWorker).run('search', '--preset', 'tiny', '--name', 'begun')
    mkdirSync(join(workspace, 'runs', 'broken'))
    const { code, out } = await testHeadless(workspace).run('runs')
    expect(code).toBe(0)
    expect(out).toMatch(/done +run +finished/)
    expect(out).toMatch(/begun +search +new/)
    expect(out).toMatch(/broken +unreadable/)
  })

  it('digest of a run without a checkpoint is an error, not an empty hash', async () => {
    await testHeadless(workspace, patientWorker).run('run', '--preset', 'tiny', '--name', 'a')
    const { code, out, error } = await testHeadless(workspace).run('digest', 'a')
    expect(code).toBe(3)
    expect(out).toBe('')
    expect(error).toContain('has no checkpoint yet')
  })
})

const architecture = {
  version: 1,
  name: 'two cells',
  classes: 5,
  baseWidth: 2,
  stemWidth: 8,
  branches: [
    {
      finalScale: 16,
      cells: [
        { layer: 0, operator: 'conv', scale: 8, downsample: true, width: 12 },
        { layer: 1, operator: 'conv_2x', scale: 16, downsample: false, width: 8 }
      ]
    }
  ],
  sharedLayers: 0,
  notes: []
}
