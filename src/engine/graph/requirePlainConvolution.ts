import { AppError } from '../../shared/errors.js'
import type { ConvNode } from '../../shared/networkGraph.js'

/** Groups and dilation are of the comparison of operators, which runs in ONNX; anything else would compute another network unnoticed. */
export function requirePlainConvolution({ name, groups = 1, dilation = 1 }: ConvNode, where: string): void {
  if (groups === 1 && dilation === 1) return
  throw new AppError('internal', `${name} has ${groups} groups and dilation ${dilation}, and ${where} knows neither.`)
}
