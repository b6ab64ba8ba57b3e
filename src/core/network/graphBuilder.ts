/**
 * Builds a NetworkGraph node by node and keeps the shapes right. While it builds it also writes down which parts of the latency
 * table the network consists of, so that the network that is timed and the network that is built can never differ.
 */
import { AppError } from '../../shared/errors.js'
import type { LatencyKey } from '../../shared/latencyTable.js'
import type { ConvNode, MapShape, NetworkGraph, NetworkNode } from '../../shared/networkGraph.js'

/** A map while the network is being built: the name of the node that makes it, and its shape. */
export interface BuiltMap extends MapShape {
  name: string
}

export interface ConvOptions {
  kernel: 1 | 3
  stride?: 1 | 2
  outChannels: number
  /** Default 1; divides the channels of both sides. */
  groups?: number
  /** Default 1. */
  dilation?: number
  /** Default false: a batch norm follows. */
  bias?: boolean
  /** Default true. */
  norm?: boolean
  /** Default true. */
  relu?: boolean
}

/** One part of the network as the latency table knows it. */
export interface NetworkPart {
  /** Node or prefix of the nodes, such as `branch32.cell3`. */
  name: string
  key: LatencyKey
}

/** Not a door for everyone: the functions beside it use it, everyone else takes their graphs. */
export class GraphBuilder {
  readonly parts: NetworkPart[] = []
  private readonly nodes: NetworkNode[] = []
  private readonly names = new Set<string>()

  input(shape: MapShape): BuiltMap {
    return this.add({ kind: 'input', name: 'input', inputs: [], output: shape })
  }

  /** Convolution, by default with batch norm and ReLU and without bias. A stride of 2 halves the map, rounding up. */
  conv(name: string, from: BuiltMap, options: ConvOptions): BuiltMap {
    const { stride = 1, groups = 1, dilation = 1 } = options
    if (from.channels % groups !== 0 || options.outChannels % groups !== 0) {
      throw new AppError('internal', `${name}: ${groups} groups do not divide ${from.channels} channels in and ${options.outChannels} out.`)
    }
    const node: ConvNode = {
      kind: 'conv',
      name,
      inputs: [from.name],
      output: { height: Math.ceil(from.height / stride), width: Math.ceil(from.width / stride), channels: options.outChannels },
      kernel: options.kernel,
      stride,
      inChannels: from.channels,
      ...(groups > 1 && { groups }),
      ...(dilation > 1 && { dilation }),
      bias: options.bias ?? false,
      norm: options.norm ?? true,
      relu: options.relu ?? true
    }
    return this.add(node)
  }

  norm(name: string, from: BuiltMap, relu: boolean): BuiltMap {
    return this.add({ kind: 'norm', name, inputs: [from.name], output: shapeOf(from), relu })
  }

  relu(name: string, from: BuiltMap): BuiltMap {
    return this.add({ kind: 'relu', name, inputs: [from.name], output: shapeOf(from) })
  }

  resize(name: string, from: BuiltMap, size: { height: number; width: number }): BuiltMap {
    const output = { height: size.height, width: size.width, channels: from.channels }
    return this.add({ kind: 'resize', name, inputs: [from.name], output })
  }

  concat(name: string, from: BuiltMap[]): BuiltMap {
    const channels = from.reduce((sum, map) => sum + map.channels, 0)
    const output = { height: from[0].height, width: from[0].width, channels }
    return this.add({ kind: 'concat', name, inputs: from.map((map) => map.name), output })
  }

  shift(name: string, from: BuiltMap): BuiltMap {
    return this.add({ kind: 'shift', name, inputs: [from.name], output: shapeOf(from) })
  }

  /** Notes that the nodes of `name` are one part of the latency table. */
  part(name: string, part: LatencyKey['part'], from: BuiltMap, outChannels: number, stride: number): void {
    this.parts.push({ name, key: { part, height: from.height, width: from.width, inChannels: from.channels, outChannels, stride } })
  }

  graph(outputs: BuiltMap[]): NetworkGraph {
    return { nodes: this.nodes, outputs: outputs.map((map) => map.name) }
  }

  private add(node: NetworkNode): BuiltMap {
    if (this.names.has(node.name)) throw new AppError('internal', `The network has two nodes named ${node.name}.`)
    this.names.add(node.name)
    this.nodes.push(node)
    return { name: node.name, ...node.output }
  }
}

function shapeOf(map: BuiltMap): MapShape {
  return { height: map.height, width: map.width, channels: map.channels }
}
