/** `cellscope derive --from`: the published numbers through the command itself, and what is refused. */
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { networkCost } from '../../../src/core/cost.js'
import { derivedGraph } from '../../../src/core/networkBuilder.js'
import { importPublishedTable } from '../../../src/core/published/importPublishedTable.js'
import { importArchitecture, type ImportRequest } from '../../../src/host/importArchitecture.js'
import { operators, scales, type Architecture, type ArchitectureLogits } from '../../../src/shared/architecture.js'
import { parseArchitecture } from '../../../src/shared/parseArchitecture.js'
import { publishedTable, studentFixture, studentLogits } from '../core/publishedStudent.js'
import { temporaryFolder } from '../storage/temporaryFolder.js'
import { testHeadless } from './testHeadless.js'

const place = temporaryFolder()
const fixture = (name: string): string => new URL(`../../fixtures/fasterseg/${name}`, import.meta.url).pathname
const derive = (...words: string[]) => testHeadless(place('workspace')).run('derive', ...words)
const arch = fixture('arch_1.pt')

const rawStudent = {
  layers: 16,
  baseWidth: 12,
  widths: [4, 6, 8, 10, 12],
  alpha: studentLogits.alpha,
  beta: studentLogits.beta,
  ratio: studentLogits.gamma,
  forbidSkip: false,
  stemWidth: 8
}

function written(value: unknown): string {
  const path = place('raw.json')
  writeFileSync(path, JSON.stringify(value))
  return path
}

/** The fixture's branch to 1/8, 1/16 or 1/32, as the command prints it. */
function publishedBranch(finalScale: 8 | 16 | 32) {
  const { ops, downsample_rate, down, width_twelfths_of_output_of_layer } = studentFixture.branches[`last${scales.indexOf(finalScale)}`]
  return {
    finalScale,
    operators: ops,
    scales: downsample_rate,
    downsamples: down.map((value) => value === 1),
    widths: width_twelfths_of_output_of_layer
  }
}

describe('the published student', () => {
  it.each<[string, () => string]>([
    ['arch_1.pt', () => arch],
    ['JSON of its raw arrays', () => written(rawStudent)]
  ])('from %s has its published lists and numbers', async (_, from) => {
    const table = fixture('latency_lookup_table.npy')
    const ran = await derive('--from', from(), '--rules', 'published', '--pair', '32,16', '--table', table, '--size', '1024x2048', '--json')
    expect(ran.error).toBe('')
    const answer = JSON.parse(ran.out) as { tableLatencyMs: number }
    expect(answer).toEqual({
      branches: [publishedBranch(32), publishedBranch(16)],
      sharedLayers: 3,
      parameters: 4385689,
      multiplyAdds: 27901919232,
      tableLatencyMs: answer.tableLatencyMs
    })
    expect(answer.tableLatencyMs).toBeCloseTo(6.41397705, 8)
  })

  it('with the branches to 1/32 and 1/8 has the other published latency, by the table as JSON, in the order of the pair', async () => {
    const words = ['--from', arch, '--rules', 'published', '--table', fixture('latency-lookup-1080ti.json'), '--json']
    const answers = await Promise.all(['32,8', '8,32'].map(async (pair) => JSON.parse((await derive(...words, '--pair', pair)).out) as Answer))
    for (const { tableLatencyMs } of answers) expect(tableLatencyMs).toBeCloseTo(6.26046739, 8)
    expect(answers[0].branches).toEqual([publishedBranch(32), publishedBranch(8)])
    expect(answers[1].branches).toEqual([publishedBranch(8), publishedBranch(32)])
  })

  it('by our rules counts what is executed, and is priced by our table of the same size only', async () => {
    const table = place('table.json')
    writeFileSync(table, JSON.stringify(importPublishedTable(publishedTable)))
    const out = place('architecture.json')
    const ran = await derive('--from', arch, '--rules', 'ours', '--table', table, '--out', out, '--json')
    const answer = JSON.parse(ran.out) as Answer
    const architecture = parseArchitecture(JSON.parse(readFileSync(out, 'utf8')), out)
    expect(answer).toMatchObject(networkCost(derivedGraph(architecture, { height: 1024, width: 2048, auxiliaryHeads: false })))
    const byPublished = JSON.parse((await derive('--from', arch, '--rules', 'ours', '--table', fixture('latency_lookup_table.npy'), '--json')).out) as Answer
    expect(answer.tableLatencyMs).toBeCloseTo(byPublished.tableLatencyMs ?? NaN, 9)
    const other = await derive('--from', arch, '--table', table, '--size', '512x1024')
    expect(other.code).toBe(1)
    expect(other.error).toMatch(/measured at 1024x2048, but --size is 512x1024/)
  })

  it('is shown as text, and written only where told', async () => {
    const ran = await derive('--from', arch, '--rules', 'published', '--out', place('a.json'))
    expect(ran.code).toBe(0)
    expect(ran.out).toMatch(/Branch to 1\/32\n.*\n.*\n +0 +conv_2x +1\/8 +4\/12/)
    expect(ran.out).toMatch(/first 3 cells are shared/)
    expect(ran.out).toMatch(/\(4385689\).*\(27901919232\) multiply-adds|4385689/)
    expect(ran.out).toContain(place('a.json'))
    expect((JSON.parse(readFileSync(place('a.json'), 'utf8')) as Architecture).branches).toHaveLength(2)
    expect((JSON.parse((await derive('--from', arch, '--json')).out) as Answer).tableLatencyMs).toBe(null)
  })
})

interface Answer {
  branches: { finalScale: number; operators: string[]; scales: number[]; downsamples: boolean[]; widths: number[] }[]
  tableLatencyMs: number | null
}

const request: Omit<ImportRequest, 'from'> = {
  network: undefined,
  rules: 'published',
  pair: [8, 16, 32],
  table: undefined,
  size: { height: 64, width: 128 },
  out: undefined
}

interface DecodeCase {
  layers: number
  forbidSkip: boolean
  logits: ArchitectureLogits
  branches: { operators: number[]; rows: number[]; downs: number[]; widths: number[] }[]
}

it('random architectures of every depth decode as by the published code', () => {
  const { cases } = JSON.parse(readFileSync(fixture('decode.json'), 'utf8')) as { cases: DecodeCase[] }
  for (const { layers, forbidSkip, logits, branches } of cases) {
    const raw = { ...rawStudent, layers, forbidSkip, alpha: logits.alpha, beta: logits.beta, ratio: logits.gamma }
    // Straight to what the command calls: building the command line 70 times is most of the time.
    const answer = importArchitecture({ ...request, from: written(raw) })
    const expected = branches.map((branch, row) => ({
      finalScale: scales[row],
      operators: branch.operators.map((index) => operators[index]),
      scales: branch.rows.map((index) => scales[index]),
      downsamples: branch.downs.map(Boolean),
      widths: branch.widths
    }))
    expect(answer.branches).toEqual(expected)
  }
})

describe('refused', () => {
  it.each<[string, unknown, RegExp]>([
    ['rows that are missing', { ...rawStudent, layers: 15 }, /alpha\[0\] must have 15 rows of 5 numbers for 15 layers, found 16 rows of 5/],
    ['a row that is short', { ...rawStudent, beta: [rawStudent.beta[0].map((row, index) => (index === 3 ? [0] : row)), rawStudent.beta[1]] }, /beta\[0\] must have 14 rows of 2 numbers .* rows of 1/],
    ['a width for each column', { ...rawStudent, widths: [4, 8] }, /ratio\[0\] must have 15 rows of 2 numbers/],
    ['widths that fall', { ...rawStudent, widths: [4, 8, 6, 10, 12] }, /ascending widths, found 4, 8, 6, 10, 12/],
    ['widths as fractions', { ...rawStudent, widths: [0.5, 1] }, /at widths\.0/],
    ['two arrays of alpha', { ...rawStudent, alpha: rawStudent.alpha.slice(1) }, /at alpha/],
    ['a text for a number', { ...rawStudent, ratio: [[['x']], [], []] }, /at ratio\.0\.0\.0/],
    ['a key that is missing', { ...rawStudent, forbidSkip: undefined }, /at forbidSkip/],
    ['a key too many', { ...rawStudent, gamma: [] }, /"gamma"/],
    ['an array at the top', [rawStudent], /at the top/]
  ])('%s', async (_, raw, message) => {
    const ran = await derive('--from', written(raw))
    expect(ran.code).toBe(1)
    expect(ran.error).toMatch(message)
    expect(ran.error).toContain('raw.json')
  })

  it.each<[string[], RegExp]>([
    [[], /derive needs a run, or --from/],
    [['night', '--from', arch], /takes a run or --from, but got both/],
    [['night', '--rules', 'ours'], /--rules goes only with --from/],
    [['--from', arch, '--step', '3'], /--step belongs to a run/],
    [['--from', arch, '--rules', 'their'], /--rules must be one of published, ours/],
    [['--from', arch, '--pair', '32,64'], /--pair must be one to three different scales/],
    [['--from', arch, '--pair', '32,32'], /--pair must be/],
    [['--from', arch, '--network', 'teacher'], /arrays of the teacher have no "alpha_0_0"/],
    [['--from', arch, '--network', 'plain'], /--network must be one of teacher, student/],
    [['--from', arch, '--table', fixture('decode.json')], /expected milliseconds by the authors' keys/],
    [['--from', fixture('no-such.pt')], /no-such\.pt does not exist/]
  ])('%j', async (words, message) => {
    const ran = await derive(...words)
    expect(ran.code).toBe(1)
    expect(ran.error).toMatch(message)
  })

  it('a network of a JSON file, which has only one', async () => {
    expect((await derive('--from', written(rawStudent), '--network', 'student')).error).toMatch(/which has one network/)
  })
})
