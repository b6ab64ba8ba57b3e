/** The door to the network builders: one operator, one operator of the comparison, one part of the latency table, the whole derived network. */
export { operatorGraph, type OperatorGraphShape } from './network/operatorGraph.js'
export { comparedOperatorGraph } from './network/comparedOperatorGraph.js'
export { partGraph } from './network/partGraph.js'
export { derivedGraph, derivedParts, type DerivedGraphOptions } from './network/derivedGraph.js'
export { sharedGroups, sharedLayerCount, type BranchGroup } from './network/sharedGroups.js'
export { stemChannels } from './network/addStem.js'
export { headChannels } from './network/addHead.js'
