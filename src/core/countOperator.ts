import type { ComparedMap, ComparedOperator, CountedOperator } from '../shared/operatorComparison.js'
import { networkCost } from './cost.js'
import { comparedOperatorGraph } from './networkBuilder.js'
import { receptiveField } from './receptiveField.js'

/** Parameters, multiply-adds and receptive field of an operator of the comparison on this map, all from its graph. */
export function countOperator(operator: ComparedOperator, map: ComparedMap): CountedOperator {
  const graph = comparedOperatorGraph(operator, map)
  return { operator, ...networkCost(graph), receptiveField: receptiveField(graph) }
}
