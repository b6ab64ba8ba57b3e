/**
 * Knowledge distillation (Hinton et al. 2015; FasterSeg, section 3.4): Kullback-Leibler divergence of the student's class probabilities
 * from the teacher's, pixel by pixel, both softened by the temperature T, times T squared, so that its gradient keeps its size.
 */
import { integerVector } from '../tensor/constants.js'
import { pixelLabels } from '../tensor/crossEntropy.js'
import type { PixelLabels } from '../tensor/crossEntropy.js'
import { call, callMany } from '../tensor/native.js'
import { isRecording, record } from '../tensor/tape.js'
import { tf } from '../tensor/tf.js'

export interface DistillationOptions {
  temperature: number
  /**
   * `pixel` (default): mean over the valid pixels. `right`: the same, but pixels whose label is not the teacher's most probable class count
   * as 0: a teacher that never sees a pole does not teach to overlook them. `published`: mean over all elements, ignored pixels and classes
   * included, as the published code has it: weaker by the number of classes.
   */
  mean?: DistillationMean
}

export type DistillationMean = 'pixel' | 'right' | 'published'


/**
 * One tape node, differentiable in the student only; 0 if every pixel is ignored.
 *
 * @param student logits [N, H, W, C]
 * @param teacher logits [N, H, W, C]
 * @param labels [N, H, W] int32 with 255 ignored, or the same prepared by pixelLabels or pixelTargets
 */
export function distillationLoss(
  student: tf.Tensor4D, teacher: tf.Tensor4D, labels: tf.Tensor3D | PixelLabels, options: DistillationOptions
): tf.Scalar {
  const [output, gradient] = tf.tidy(() => divergence(student, teacher, labels, options))
  if (!isRecording()) {
    gradient.dispose()
    return output
  }
  record({
    name: 'distillationLoss',
    inputs: { student },
    output,
    saved: [tf.keep(gradient)],
    gradient: (dy, [saved]) => ({ student: () => call('Mul', [saved, dy]) })
  })
  return output
}

/** The loss and its gradient in the student's logits. */
function divergence(
  student: tf.Tensor4D, teacher: tf.Tensor4D, labels: tf.Tensor3D | PixelLabels, { temperature, mean }: DistillationOptions
): [tf.Scalar, tf.Tensor4D] {
  const softStudent = softened(student, temperature)
  const softTeacher = softened(teacher, temperature)
  const probabilities = call('Softmax', [softTeacher])
  const [crossed, difference] = callMany('SoftmaxCrossEntropyWithLogits', [softStudent, probabilities], 2)
  const [entropy] = callMany('SoftmaxCrossEntropyWithLogits', [softTeacher, probabilities], 2)
  const shares = mean === 'published' ? equalShares(student) : validShares(labels, mean === 'right' ? softTeacher : undefined)
  const scale = temperature * temperature
  const perPixel = call('Mul', [call('Sub', [crossed, entropy]), shares])
  const output = call<tf.Scalar>('Mul', [call('Sum', [perPixel, integerVector([0])]), tf.scalar(scale)])
  // d/dlogits of the softened cross entropy is (student - teacher probabilities) / T.
  const column = call('Reshape', [call('Mul', [shares, tf.scalar(scale / temperature)]), integerVector([-1, 1])])
  const gradient = call<tf.Tensor4D>('Reshape', [call('Mul', [difference, column]), integerVector(student.shape)])
  return [output, gradient]
}

/** [N, H, W, C] -> [P, C], divided by the temperature. */
function softened(logits: tf.Tensor4D, temperature: number): tf.Tensor {
  const flat = call('Reshape', [logits, integerVector([-1, logits.shape[3]])])
  return temperature === 1 ? flat : call('Mul', [flat, tf.scalar(1 / temperature)])
}

/** [P]: 1 / number of valid pixels where valid, and where `teacher` [P, C] is right if it is given; else 0. */
function validShares(labels: tf.Tensor3D | PixelLabels, teacher: tf.Tensor | undefined): tf.Tensor {
  const { valid, classes } = 'classes' in labels ? labels : pixelLabels(labels)
  const count = call('Maximum', [call('Sum', [valid, integerVector([0])]), tf.scalar(1)])
  const counted = teacher ? call('Mul', [valid, tf.cast(tf.equal(tf.argMax(teacher, 1), classes), 'float32')]) : valid
  return call('Div', [counted, count])
}

/** [P]: 1 / (pixels * classes) everywhere. */
function equalShares(logits: tf.Tensor4D): tf.Tensor {
  return tf.fill([logits.size / logits.shape[3]], 1 / logits.size)
}
