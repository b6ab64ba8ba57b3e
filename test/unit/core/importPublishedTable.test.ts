import { describe, expect, test } from 'vitest'
import { decoupledLatency } from '../../../src/core/latency/decoupledLatency.js'
import { latencyCosts } from '../../../src/core/latency/latencyCosts.js'
import { tableLatencyMs } from '../../../src/core/latency/tableLatency.js'
import { derivedParts } from '../../../src/core/networkBuilder.js'
import { importPublishedTable } from '../../../src/core/published/importPublishedTable.js'
import { publishedTableLatencyMs } from '../../../src/core/published/publishedTable.js'
import { publishedSpace, publishedStudent, publishedTable, studentLogits } from './publishedStudent.js'

describe("the authors' table, imported", () => {
  const table = importPublishedTable(publishedTable)

  test('prices the published student as they did, but for the operator that they looked up wrongly', () => {
    const student = publishedStudent([16, 32])
    const slip = derivedParts(student, table).filter(({ key }) => key.part === 'conv_2x_downup').reduce((sum, { key }) => {
      const tail = `_H${key.height}_W${key.width}_Cin${key.inChannels}_Cout${key.outChannels}_stride${key.stride}_dilation1`
      return sum + publishedTable[`BasicResidual2x${tail}`] - publishedTable[`BasicResidual_downup_2x${tail}`]
    }, 0)
    expect(slip).toBeGreaterThan(0.5)
    expect(tableLatencyMs(student, table)).toBeCloseTo(publishedTableLatencyMs(student, publishedTable) - slip, 9)
  })

  test('has all that the search needs, for student and teacher', () => {
    const student = decoupledLatency(latencyCosts(publishedSpace, table, 'student'), studentLogits)
    expect(student.widths.latencyMs).toBeLessThan(student.operators.latencyMs)
    const teacherLogits = { ...studentLogits, gamma: studentLogits.gamma.map((rows) => rows.map(() => [0])) }
    const teacher = decoupledLatency(latencyCosts(publishedSpace, table, 'teacher'), teacherLogits)
    expect(teacher.joint.latencyMs).toBeGreaterThan(student.joint.latencyMs)
  })

  test('is refused where an entry is missing', () => {
    expect(() => importPublishedTable({})).toThrow(/^The published latency table has no entry "ConvNorm_H1024/)
  })
})
