/** A network by hand that has every kind of layer once, on odd sizes. */
import type { MapShape, NetworkGraph, NetworkNode } from '../../../../src/shared/networkGraph.js'

const shape = (height: number, width: number, channels: number): MapShape => ({ height, width, channels })

const nodes: NetworkNode[] = [
  { kind: 'input', name: 'input', inputs: [], output: shape(14, 22, 3) },
  { kind: 'conv', name: 'stem', inputs: ['input'], output: shape(7, 11, 8), kernel: 3, stride: 2, inChannels: 3, bias: false, norm: true, relu: true },
  { kind: 'resize', name: 'cell.down', inputs: ['stem'], output: shape(3, 5, 8) },
  { kind: 'conv', name: 'cell.conv', inputs: ['cell.down'], output: shape(3, 5, 6), kernel: 3, stride: 1, inChannels: 8, bias: false, norm: true, relu: false },
  { kind: 'resize', name: 'cell.up', inputs: ['cell.conv'], output: shape(7, 11, 6) },
  { kind: 'relu', name: 'cell.relu', inputs: ['cell.up'], output: shape(7, 11, 6) },
  { kind: 'conv', name: 'skip.even', inputs: ['cell.relu'], output: shape(4, 6, 5), kernel: 1, stride: 2, inChannels: 6, bias: false, norm: false, relu: false },
  { kind: 'shift', name: 'skip.shift', inputs: ['cell.relu'], output: shape(7, 11, 6) },
  { kind: 'conv', name: 'skip.odd', inputs: ['skip.shift'], output: shape(4, 6, 5), kernel: 1, stride: 2, inChannels: 6, bias: false, norm: false, relu: false },
  { kind: 'concat', name: 'skip.concat', inputs: ['skip.even', 'skip.odd'], output: shape(4, 6, 10) },
  { kind: 'norm', name: 'skip', inputs: ['skip.concat'], output: shape(4, 6, 10), relu: true },
  { kind: 'conv', name: 'head', inputs: ['skip'], output: shape(4, 6, 3), kernel: 1, stride: 1, inChannels: 10, bias: true, norm: false, relu: false },
  { kind: 'resize', name: 'head.up', inputs: ['head'], output: shape(14, 22, 3) }
]

export const smallGraph: NetworkGraph = { nodes, outputs: ['head.up', 'skip'] }
