/** The numbers that test/numeric/fixtures/tensor.py had PyTorch compute, with the shape of each part. */
import { readFileSync } from 'node:fs'

type Shape4D = [number, number, number, number]

interface ConvolutionCase {
  size: number
  stride: 1 | 2
  shape: Shape4D
  filterShape: Shape4D
  x: number[]
  filter: number[]
  scale: number[]
  offset: number[]
  dy: number[]
  convolution: Record<'output' | 'x' | 'filter', number[]>
  convNorm: Record<'output' | 'mean' | 'variance' | 'x' | 'filter' | 'scale' | 'offset', number[]>
}

interface NormCase extends Record<'xIn' | 'scaleIn' | 'offsetIn' | 'givenMean' | 'givenVariance' | 'dy', number[]>,
  Record<'output' | 'mean' | 'variance' | 'x' | 'scale' | 'offset', number[]> {
  training: boolean
  relu: boolean
  shape: Shape4D
}

interface ResizeCase extends Record<'xIn' | 'dy' | 'output' | 'x', number[]> {
  shape: Shape4D
  size: [number, number]
}

interface WeightedSumCase extends Record<'weightsIn' | 'dy' | 'output' | 'weights', number[]> {
  shape: Shape4D
  xs: number[][]
  maps: number[][]
}

interface CrossEntropyCase extends Record<'logitsIn' | 'labels' | 'dy' | 'output' | 'logits', number[]> {
  shape: Shape4D
}

interface SkipShiftCase extends Record<'xIn' | 'filterIn' | 'dy' | 'output' | 'x' | 'filter', number[]> {
  shape: Shape4D
  filterShape: Shape4D
}

export interface OptimisationCase {
  start: number[][]
  rates: number[]
  gradients: (number[] | null)[][]
  after: number[][][]
}

interface Fixture {
  convolutions: ConvolutionCase[]
  norms: NormCase[]
  resizes: ResizeCase[]
  weightedSums: WeightedSumCase[]
  crossEntropy: CrossEntropyCase
  skipShift: SkipShiftCase
  sgd: (OptimisationCase & { momentum: number; weightDecay: number })[]
  clips: { limit: number; norm: number; gradients: number[][]; clipped: number[][] }[]
}

export const fixture = JSON.parse(readFileSync(new URL('../fixtures/tensor.json', import.meta.url), 'utf8')) as Fixture
