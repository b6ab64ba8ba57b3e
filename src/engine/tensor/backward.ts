/** Walks a tape from its end to its start and collects the gradients of the sources. */
import { sumOf } from './sumOf.js'
import { share, type RecordedNode } from './tape.js'
import { tf } from './tf.js'

/** Gradients that arrived for a tensor, one for every use of it, by the tensor's id. They are ours to dispose. */
type Arrived = Map<number, tf.Tensor[]>

/** Takes the gradients of a source, one call for every use of it; they are disposed afterwards. */
export type GradientTaker = (gradient: tf.Tensor) => void

/**
 * Gradients of the scalar `value` with respect to `sources`; null where it does not depend on one. Uses the tape up: every saved tensor is
 * disposed, needed or not, also when a gradient fails.
 */
export function backward(tape: RecordedNode[], value: tf.Tensor, sources: tf.Tensor[]): (tf.Tensor | null)[] {
  const arrived: Arrived = new Map()
  try {
    walk(tape, value, new Set(sources.map(({ id }) => id)), arrived, new Map())
    const gradients = sources.map(({ id }) => total(id, arrived))
    // A source may be given twice; every caller's gradient must be its own.
    const taken = gradients.map((gradient) => gradient && share(gradient))
    taken.forEach((gradient) => { if (gradient !== null) gradient.kept = false })
    return taken
  } finally {
    for (const gradients of arrived.values()) tf.dispose(gradients)
  }
}

/** Hands every gradient to the taker of its source, by the source's id, as soon as it is known, and disposes it. Uses the tape up. */
export function deliver(tape: RecordedNode[], value: tf.Tensor, takers: ReadonlyMap<number, GradientTaker>): void {
  const arrived: Arrived = new Map()
  try {
    walk(tape, value, new Set(takers.keys()), arrived, takers)
  } finally {
    for (const gradients of arrived.values()) tf.dispose(gradients)
  }
}

/** From the end of the tape to its start. What arrives for a source stays in `arrived`, or goes to its taker where it has one. */
function walk(
  tape: RecordedNode[], value: tf.Tensor, sources: ReadonlySet<number>, arrived: Arrived, takers: ReadonlyMap<number, GradientTaker>
): void {
  try {
    const fromSources = reachable(tape, sources)
    if (fromSources.has(value.id)) arrived.set(value.id, [tf.keep(tf.onesLike(value))])
    for (const node of [...tape].reverse()) {
      stepBack(node, fromSources, arrived, takers)
      tf.dispose(node.saved)
    }
  } finally {
    for (const node of tape) tf.dispose(node.saved)
  }
}

/** Ids of all tensors that depend on a source. */
function reachable(tape: RecordedNode[], sources: ReadonlySet<number>): Set<number> {
  const ids = new Set(sources)
  for (const { inputs, outputs } of tape) {
    if (Object.values(inputs).some(({ id }) => ids.has(id))) outputs.forEach(({ id }) => ids.add(id))
  }
  return ids
}

/** Hands the gradients of a node's outputs on to those of its inputs that depend on a source. */
function stepBack(node: RecordedNode, fromSources: Set<number>, arrived: Arrived, takers: ReadonlyMap<number, GradientTaker>): void {
  const wanted = Object.keys(node.inputs).filter((name) => fromSources.has(node.inputs[name].id))
  if (wanted.length === 0) return
  const upstream = node.outputs.map(({ id }) => total(id, arrived))
  if (upstream.every((gradient) => gradient === null)) return
  const gradients = inputGradients(node, upstream, wanted)
  wanted.forEach((name, index) => {
    const { id } = node.inputs[name]
    const earlier = arrived.get(id)
    const take = takers.get(id)
    if (take !== undefined) handOver(gradients[index], take)
    else if (earlier === undefined) arrived.set(id, [gradients[index]])
    else earlier.push(gradients[index])
  })
  for (const { id } of node.outputs) {
    tf.dispose(arrived.get(id) ?? [])
    arrived.delete(id)
  }
}

function handOver(gradient: tf.Tensor, take: GradientTaker): void {
  try {
    take(gradient)
  } finally {
    gradient.dispose()
  }
}

function inputGradients(node: RecordedNode, upstream: (tf.Tensor | null)[], wanted: string[]): tf.Tensor[] {
  const { gradient } = node
  if (gradient === undefined) throw new Error(`The operation ${node.kernelName} has no gradient.`)
  return tf.tidy(() => {
    const functions = gradient(upstream)
    return wanted.map((name) => {
      const computed = functions[name]()
      const [found, expected] = [computed.shape.join(), node.inputs[name].shape.join()]
      if (found !== expected) throw new Error(`The gradient of ${node.kernelName}.${name} is [${found}], the input [${expected}].`)
      // A gradient function may hand the upstream gradient or a saved tensor through: take a handle of our own in any case.
      return share(computed)
    })
  })
}

/** Sum of the gradients that arrived for a tensor; they are replaced by it. */
function total(id: number, arrived: Arrived): tf.Tensor | null {
  const gradients = arrived.get(id)
  if (gradients === undefined) return null
  if (gradients.length > 1) {
    const sum = tf.keep(sumOf(gradients))
    tf.dispose(gradients)
    arrived.set(id, [sum])
    return sum
  }
  return gradients[0]
}
