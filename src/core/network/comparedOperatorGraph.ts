import type { ComparedMap, ComparedOperator } from '../../shared/operatorComparison.js'
import type { NetworkGraph } from '../../shared/networkGraph.js'
import { addComparedOperator } from './addComparedOperator.js'
import { GraphBuilder } from './graphBuilder.js'

/** One operator of the comparison as a network of its own; its nodes are named `cell.conv` and so on. */
export function comparedOperatorGraph(operator: ComparedOperator, map: ComparedMap): NetworkGraph {
  const builder = new GraphBuilder()
  return builder.graph([addComparedOperator(builder, 'cell', operator, builder.input(map))])
}
