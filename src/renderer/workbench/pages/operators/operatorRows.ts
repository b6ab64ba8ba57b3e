/** The rows of the comparison: names, whether a search may take the operator, its share of the standard convolution's latency. */
import { operators, type Operator } from '../../../../shared/architecture.js'
import type { ComparedOperator, MeasuredOperator, OperatorComparison } from '../../../../shared/operatorComparison.js'
import type { OperatorChartData, OperatorPoint } from '../../../charts/operatorOption.js'
import type { Texts } from '../../../locales/en.js'
import type { WorkbenchTexts } from '../../../locales/workbench/en.js'

export interface OperatorRow extends MeasuredOperator {
  name: string
  /** Whether it is one of the five of the search space. */
  searched: boolean
  /** Latency by that of the standard convolution; null where that is too small to be seen. */
  relative: number | null
}

export function operatorRows({ operators: measured }: OperatorComparison, text: Texts, texts: WorkbenchTexts): OperatorRow[] {
  const standardMs = measured.find(({ operator }) => operator === 'conv')?.medianMs ?? 0
  return measured.map((each) => ({
    ...each,
    name: isSearched(each.operator) ? text.names.operator[each.operator] : texts.operators.names[each.operator],
    searched: isSearched(each.operator),
    relative: standardMs > 0 ? each.medianMs / standardMs : null
  }))
}

/** Undefined without a standard convolution to compare with. */
export function operatorChart(rows: OperatorRow[], xName: string, yName: string): OperatorChartData | undefined {
  const points = rows.map(({ name, searched, multiplyAdds, medianMs }): OperatorPoint => ({
    name, multiplyAdds, latencyMs: medianMs, tone: searched ? 'blue' : 'orange', shape: searched ? 'circle' : 'diamond'
  }))
  const standard = points[rows.findIndex(({ operator }) => operator === 'conv')] as OperatorPoint | undefined
  return standard === undefined ? undefined : { points, standard, xName, yName }
}

function isSearched(operator: ComparedOperator): operator is ComparedOperator & Operator {
  return (operators as readonly string[]).includes(operator)
}
