import { tf } from './tf.js'

/** The rows of a table, each [columns]; none where it has no row. tf.unstack has no gradient for a table of a single row. */
export function unstackRows(table: tf.Tensor2D): tf.Tensor1D[] {
  if (table.shape[0] === 0) return []
  if (table.shape[0] === 1) return [tf.reshape(table, [table.shape[1]])]
  return tf.unstack(table) as tf.Tensor1D[]
}
