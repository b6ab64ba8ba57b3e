/** A derived network with weights that can run at any size: what training makes, evaluation judges and export writes. */
import { derivedGraph } from '../../../core/networkBuilder.js'
import type { Architecture } from '../../../shared/architecture.js'
import type { NetworkGraph } from '../../../shared/networkGraph.js'
import { initialWeights } from '../../graph/initialWeights.js'
import type { Weight } from '../../graph/weights.js'
import { resizeBilinear } from '../../tensor/resizeBilinear.js'
import type { tf } from '../../tensor/tf.js'
import { BatchStatistics } from '../batchStatistics.js'
import { Pass, type NormMode } from '../pass.js'
import { WeightStore } from '../weightStore.js'
import { runGraph } from './derivedNetwork.js'

/** Weight of a new batch in the running statistics, as published. */
const statisticsMomentum = 0.1

export class TrainedNetwork {
  readonly store: WeightStore
  readonly statistics = new BatchStatistics(statisticsMomentum)
  private readonly graphs = new Map<string, NetworkGraph>()

  /** `weights` as `read` gives them. */
  constructor(
    readonly architecture: Architecture,
    weights: ReadonlyMap<string, Weight>,
    readonly auxiliaryHeads: boolean
  ) {
    this.store = new WeightStore([...weights].filter(([name]) => !isStatistic(name)))
    this.statistics.write(weights)
  }

  /** Fresh weights, a function of the seed and each weight's name. */
  static initial(architecture: Architecture, seed: number, auxiliaryHeads: boolean): TrainedNetwork {
    const graph = derivedGraph(architecture, { height: 32, width: 32, auxiliaryHeads })
    return new TrainedNetwork(architecture, initialWeights(graph, seed), auxiliaryHeads)
  }

  /** A trained network as it is deployed: `weights` as `read` gives them, those of auxiliary heads left out. */
  static deployed(architecture: Architecture, weights: ReadonlyMap<string, Weight>): TrainedNetwork {
    return new TrainedNetwork(architecture, new Map([...weights].filter(([name]) => !name.startsWith('auxiliary'))), false)
  }

  graph(height: number, width: number): NetworkGraph {
    const key = `${height}x${width}`
    let graph = this.graphs.get(key)
    if (!graph) {
      graph = derivedGraph(this.architecture, { height, width, auxiliaryHeads: this.auxiliaryHeads })
      this.graphs.set(key, graph)
    }
    return graph
  }

  /**
   * Logits of all heads, main first, at 1 / stride of the image's resolution, where the losses are taken. images [N, H, W, 3], H and W
   * multiples of 32; logits [N, H / stride, W / stride, classes]. At stride 1 they are the graph's outputs.
   */
  trainingLogits(images: tf.Tensor4D, mode: NormMode, stride: number): tf.Tensor4D[] {
    const [, height, width] = images.shape
    const graph = this.graph(height, width)
    const pass = new Pass(this.store, mode, this.statistics)
    if (stride === 1) return runGraph(graph, pass, images)
    const beforeResize = graph.outputs.map((name) => graph.nodes.find((node) => node.name === name)?.inputs[0] ?? name)
    return runGraph(graph, pass, images, beforeResize).map((logits) => resizeBilinear(logits, [height / stride, width / stride]))
  }

  /** Main logits as at deployment. */
  forward(images: tf.Tensor4D): tf.Tensor4D {
    const graph = this.graph(images.shape[1], images.shape[2])
    return runGraph(graph, new Pass(this.store, 'fixed', this.statistics), images, [graph.outputs[0]])[0]
  }

  /** Weights and statistics by name. */
  read(): Map<string, Weight> {
    return new Map([...this.store.read(), ...this.statistics.read()])
  }

  write(weights: ReadonlyMap<string, Weight>): void {
    this.store.write(weights)
    this.statistics.write(weights)
  }

  dispose(): void {
    this.store.dispose()
    this.statistics.clear()
  }
}

function isStatistic(name: string): boolean {
  return name.endsWith('.norm.mean') || name.endsWith('.norm.variance')
}
