import { describe, expect, test } from 'vitest'
import { deriveArchitecture } from '../../../src/core/derive.js'
import { latencyKeys } from '../../../src/core/latency/latencyKeys.js'
import { derivedGraph, derivedParts, operatorGraph, partGraph, sharedGroups, stemChannels } from '../../../src/core/networkBuilder.js'
import { scales, type Architecture, type DerivedBranch, type Operator, type Scale } from '../../../src/shared/architecture.js'
import { latencyKeyText, type LatencyKey } from '../../../src/shared/latencyTable.js'
import type { NetworkGraph, NetworkNode } from '../../../src/shared/networkGraph.js'
import { publishedSpace, publishedStudent } from './publishedStudent.js'
import { randomLogits } from './randomTable.js'

const size = { height: 64, width: 128 }
const train = { ...size, auxiliaryHeads: true }
const deploy = { ...size, auxiliaryHeads: false }

describe('operatorGraph', () => {
  const shape = { height: 14, width: 26, inChannels: 6, outChannels: 10, stride: 1 as const }

  test.each<[Operator, string[], string[]]>([
    ['skip', ['conv 1x1/1 norm relu'], ['conv 1x1/2', 'shift', 'conv 1x1/2', 'concat', 'norm relu']],
    ['conv', ['conv 3x3/1 norm relu'], ['conv 3x3/2 norm relu']],
    ['conv_downup', ['resize', 'conv 3x3/1 norm', 'resize', 'relu'], ['resize', 'conv 3x3/1 norm relu']],
    ['conv_2x', ['conv 3x3/1 norm relu', 'conv 3x3/1 norm relu'], ['conv 3x3/2 norm relu', 'conv 3x3/1 norm relu']],
    [
      'conv_2x_downup',
      ['resize', 'conv 3x3/1 norm relu', 'conv 3x3/1 norm', 'resize', 'relu'],
      ['resize', 'conv 3x3/1 norm relu', 'conv 3x3/1 norm relu']
    ]
  ])('%s has its layers in both strides', (operator, keep, down) => {
    const found = ([1, 2] as const).map((stride) => {
      const graph = operatorGraph(operator, { ...shape, stride })
      expectConsistent(graph)
      expect(outputOf(graph)).toEqual({ height: 14 / stride, width: 26 / stride, channels: 10 })
      return graph.nodes.slice(1).map(describeNode)
    })
    expect(found).toEqual([keep, down])
  })

  test('a zoomed operator works on half of the map, rounded down, and comes back', () => {
    const graph = operatorGraph('conv_downup', { ...shape, height: 7, width: 1 })
    expect(graph.nodes.slice(1).map(({ output }) => [output.height, output.width])).toEqual([[3, 1], [3, 1], [7, 1], [7, 1]])
  })

  test('a reducing skip of odd channels splits them', () => {
    const convolutions = operatorGraph('skip', { ...shape, outChannels: 5, stride: 2 }).nodes.filter((node) => node.kind === 'conv')
    expect(convolutions.map((node) => node.output.channels)).toEqual([3, 2])
    expect(outputOf(operatorGraph('skip', { ...shape, outChannels: 1, stride: 2 })).channels).toBe(1)
  })
})

describe('partGraph', () => {
  test('builds every key of a space with the shapes that the key says', () => {
    for (const key of latencyKeys(publishedSpace, size)) {
      const graph = partGraph(key, publishedSpace.baseWidth)
      expectConsistent(graph)
      const input = graph.nodes[0].output
      expect([input.height, input.width, input.channels]).toEqual([key.height, key.width, key.inChannels])
      const factor = key.part === 'resize' ? key.stride : 1 / key.stride
      expect(outputOf(graph)).toEqual({ height: key.height * factor, width: key.width * factor, channels: key.outChannels })
    }
  })

  test('knows the stem of the paper without the base width, and of any space with it', () => {
    const stem = (outChannels: number): LatencyKey => ({ part: 'stem', ...size, inChannels: 3, outChannels, stride: 8 })
    const inner = (graph: NetworkGraph) => graph.nodes.filter((node) => node.kind === 'conv').map((node) => node.output.channels)
    expect(inner(partGraph(stem(64)))).toEqual([32, 64, 64, 64, 64])
    expect(inner(partGraph(stem(96)))).toEqual([48, 96, 96, 96, 96])
    expect(stemChannels(5, 8)).toEqual([14, 26, 27])
    expect(inner(partGraph(stem(27), 5))).toEqual([14, 26, 26, 27, 27])
  })
})

describe('latencyKeys', () => {
  test('are unique and hold every part of every network that can be derived', () => {
    const widths = [4, 6, 12]
    for (const layers of [3, 4, 7]) {
      const space = { ...publishedSpace, layers, widths }
      const keys = latencyKeys(space, size).map(latencyKeyText)
      expect(new Set(keys).size).toBe(keys.length)
      const known = new Set(keys)
      for (let seed = 0; seed < 60; seed++) {
        const whose = seed % 5 === 0 ? 'teacher' : 'student'
        const logits = randomLogits(layers, whose === 'teacher' ? 1 : 3, seed)
        const finalScales = scales.filter((_, row) => (1 + (seed % 7)) & (1 << row))
        const stemWidth = whose === 'teacher' ? 12 : space.studentStemWidth
        const options = { finalScales, rules: 'ours', forbidSkip: whose === 'teacher', stemWidth, name: 'random' } as const
        const parts = derivedParts(deriveArchitecture(space, logits, options), size)
        expect(parts.filter(({ key }) => !known.has(latencyKeyText(key)))).toEqual([])
      }
    }
  })

  test('leave out a stride-1 skip, which is nothing once derived', () => {
    const skips = latencyKeys(publishedSpace, size).filter((key) => key.part === 'skip')
    expect(skips.length).toBeGreaterThan(0)
    expect(skips.every((key) => key.stride === 2)).toBe(true)
  })
})

describe('derivedGraph', () => {
  const finals: Scale[][] = [[8], [16], [32], [8, 16], [8, 32], [16, 32], [8, 16, 32]]
  test.each(finals.map((finalScales) => ({ finalScales })))('of final scales $finalScales is whole', ({ finalScales }) => {
    const architecture = publishedStudent(finalScales)
    const graph = derivedGraph(architecture, train)
    expectConsistent(graph)
    const auxiliary = [16, 32].filter((scale) => finalScales.some((final) => final >= scale))
    expect(graph.outputs).toEqual(['logits', ...auxiliary.map((scale) => `auxiliary${scale}.logits`)])
    for (const name of graph.outputs) expect(nodeNamed(graph, name).output).toEqual({ ...size, channels: 19 })
    expect(graph.nodes.some((node) => node.name === 'fusion')).toBe(finalScales.length > 1)
    const plain = derivedGraph(architecture, deploy)
    expect(plain.outputs).toEqual(['logits'])
    expect(graph.nodes.filter((node) => !node.name.startsWith('auxiliary'))).toEqual(plain.nodes)
  })

  test('names its nodes so that they can be read', () => {
    const names = derivedGraph(publishedStudent([16, 32]), train).nodes.map((node) => node.name)
    expect(names.slice(0, 8)).toEqual(
      ['input', 'stem.0', 'stem.1.conv1', 'stem.1.conv2', 'stem.2.conv1', 'stem.2.conv2', 'shared.cell0.conv1', 'shared.cell0.conv2']
    )
    const readable = ['branch32.cell3.conv', 'branch16.cell8.conv2', 'branch32.refine16.reduce', 'branch32.refine8.conv', 'head.0']
    expect(names).toEqual(expect.arrayContaining(readable))
  })

  test('joins each branch with its own last map before it went down', () => {
    const graph = derivedGraph(publishedStudent([16, 32]), deploy)
    expect(nodeNamed(graph, 'branch32.refine16.concat').inputs).toEqual(['branch32.refine16.up', 'branch32.cell6.relu'])
    expect(nodeNamed(graph, 'branch32.refine8.concat').inputs).toEqual(['branch32.refine8.up', 'shared.cell2.relu'])
    expect(nodeNamed(graph, 'branch16.refine8.concat').inputs).toEqual(['branch16.refine8.up', 'branch16.cell4.conv2'])
    expect(nodeNamed(graph, 'fusion.concat').inputs).toEqual(['branch32.refine8.conv', 'branch16.refine8.conv'])
  })

  test('takes the stem as the map at 1/8 of a branch that goes down at once', () => {
    const cells = [cell('conv', 8, true, 6), cell('conv', 16, false, 8)]
    const graph = derivedGraph(network([{ finalScale: 16, cells: numbered(cells) }]), deploy)
    expect(nodeNamed(graph, 'branch16.refine8.concat').inputs).toEqual(['branch16.refine8.up', 'stem.2.conv2'])
  })

  test('does not depend on the order in which the branches stand', () => {
    const architecture = publishedStudent([8, 16, 32])
    const turned = { ...architecture, branches: [...architecture.branches].reverse() }
    expect(derivedGraph(turned, train)).toEqual(derivedGraph(architecture, train))
  })

  test('makes a stride-1 skip nothing where channels stay, and a 1x1 convolution where they change', () => {
    const cells = [cell('conv', 8, false, 6), cell('skip', 8, false, 6), cell('skip', 8, false, 8)]
    const architecture = network([{ finalScale: 8, cells: numbered(cells) }])
    const names = derivedGraph(architecture, deploy).nodes.map((node) => node.name).filter((name) => name.includes('cell'))
    expect(names).toEqual(['branch8.cell0.conv', 'branch8.cell2.conv'])
  })

  test.each([[48, 64], [64, 100], [0, 32]])('refuses an image of %ix%i', (height, width) => {
    expect(() => derivedGraph(publishedStudent([8]), { height, width, auxiliaryHeads: false })).toThrow(
      `sides are multiples of 32, not ${height}x${width}.`
    )
  })

  test('refuses a branch that never has the map it is to join, and sharing that is not there', () => {
    const jumping = network([{ finalScale: 32, cells: numbered([cell('conv', 8, false, 8)]) }])
    expect(() => derivedGraph(jumping, deploy)).toThrow('never has a map at 1/32')
    expect(() => derivedGraph({ ...publishedStudent([16, 32]), sharedLayers: 0 }, deploy)).toThrow('have 3 cells in common')
  })
})

describe('sharedGroups', () => {
  test('split three branches one after the other and never join again', () => {
    const same = (count: number) => Array.from({ length: count }, () => cell('conv', 8, false, 6))
    const branches: DerivedBranch[] = [
      { finalScale: 32, cells: numbered([...same(2), cell('conv_2x', 8, true, 6), cell('conv', 16, true, 6), cell('conv', 32, false, 8)]) },
      { finalScale: 16, cells: numbered([...same(2), cell('conv', 8, true, 6), cell('conv', 16, false, 6), cell('conv', 16, false, 8)]) },
      { finalScale: 8, cells: numbered([same(1)[0], cell('conv', 8, false, 4), ...same(3)]) }
    ]
    expect(sharedGroups(branches)).toEqual([[[0, 1, 2]], [[0, 1], [2]], [[0], [1], [2]], [[0], [1], [2]], [[0], [1], [2]]])
    const names = derivedGraph({ ...network(branches), sharedLayers: 1 }, deploy).nodes.map((node) => node.name)
    expect(names).toContain('shared.cell0.conv')
    expect(names).toContain('branches32-16.cell1.conv')
    expect(names.filter((name) => /cell[01]\b/.test(name))).toHaveLength(3)
  })

  test('never share a last cell', () => {
    const cells = numbered([cell('conv', 8, false, 8), cell('conv', 8, false, 8)])
    expect(sharedGroups([{ finalScale: 8, cells }, { finalScale: 8, cells }])).toEqual([[[0, 1]], [[0], [1]]])
  })
})

function cell(operator: Operator, scale: Scale, downsample: boolean, width: number) {
  return { operator, scale, downsample, width }
}

function numbered(cells: ReturnType<typeof cell>[]): DerivedBranch['cells'] {
  return cells.map((one, layer) => ({ layer, ...one }))
}

function network(branches: DerivedBranch[]): Architecture {
  return { version: 1, name: 'made up', classes: 19, baseWidth: 12, stemWidth: 8, branches, sharedLayers: 0, notes: [] }
}

function nodeNamed(graph: NetworkGraph, name: string): NetworkNode {
  const node = graph.nodes.find((one) => one.name === name)
  if (node === undefined) throw new Error(`there is no node ${name}`)
  return node
}

function outputOf(graph: NetworkGraph): NetworkNode['output'] {
  return nodeNamed(graph, graph.outputs[0]).output
}

function describeNode(node: NetworkNode): string {
  if (node.kind === 'conv') {
    const extras = [node.norm ? ' norm' : '', node.relu ? ' relu' : '', node.bias ? ' bias' : '']
    return `conv ${node.kernel}x${node.kernel}/${node.stride}${extras.join('')}`
  }
  return node.kind === 'norm' && node.relu ? 'norm relu' : node.kind
}

/** Names are unique, inputs come before, every node is used, and shapes follow from the inputs' shapes. */
function expectConsistent(graph: NetworkGraph): void {
  const known = new Map<string, NetworkNode>()
  const used = new Set(graph.outputs)
  expect(graph.nodes[0].kind).toBe('input')
  for (const node of graph.nodes) {
    expect(known.has(node.name)).toBe(false)
    const inputs = node.inputs.map((name) => known.get(name))
    expect(inputs.every((input) => input !== undefined)).toBe(true)
    node.inputs.forEach((name) => used.add(name))
    expectShape(node, inputs.map((input) => (input as NetworkNode).output))
    known.set(node.name, node)
  }
  expect([...known.keys()].filter((name) => !used.has(name))).toEqual([])
}

function expectShape(node: NetworkNode, inputs: NetworkNode['output'][]): void {
  const { height, width, channels } = node.output
  expect([height, width, channels].every((side) => Number.isInteger(side) && side > 0)).toBe(true)
  if (node.kind === 'conv') {
    const side = (from: number) => Math.floor((from + 2 * Math.floor(node.kernel / 2) - node.kernel) / node.stride) + 1
    expect([height, width, node.inChannels]).toEqual([side(inputs[0].height), side(inputs[0].width), inputs[0].channels])
  } else if (node.kind === 'concat') {
    expect(channels).toBe(inputs.reduce((sum, input) => sum + input.channels, 0))
    for (const input of inputs) expect([input.height, input.width]).toEqual([height, width])
  } else if (node.kind === 'resize') {
    expect(channels).toBe(inputs[0].channels)
  } else if (node.kind !== 'input') {
    expect(node.output).toEqual(inputs[0])
  }
}

