import { expect, test } from 'vitest'
import { objective } from '../../../src/core/objective.js'
import { studentFixture } from './publishedStudent.js'

test('the objective of the published pairs is that of the published code', () => {
  const { mIoU02, mIoU12, latency02, latency12 } = studentFixture.raw as unknown as Record<string, number>
  const reference = (studentFixture as unknown as { objective: Record<string, number> }).objective
  expect(objective(mIoU02, latency02, 8.3, -0.07)).toBeCloseTo(reference['8s_32s'], 12)
  expect(objective(mIoU12, latency12, 8.3, -0.07)).toBeCloseTo(reference['16s_32s'], 12)
})

test('a network at the target is worth its accuracy', () => {
  expect(objective(0.7, 8.3, 8.3, -0.07)).toBe(0.7)
  expect(objective(0.7, 4, 8.3, -0.07)).toBeGreaterThan(0.7)
})
