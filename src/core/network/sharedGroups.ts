import type { DerivedBranch } from '../../shared/architecture.js'

/** Branches (by their place in the list) that share one cell: same weights, same map. */
export type BranchGroup = number[]

/**
 * Which branches share which cells, layer by layer: result[position] lists the groups of the branches that have a cell at that position.
 *
 * Two branches share a cell if they shared all cells before it, operator and output width are equal, and both go on at the same scale;
 * a branch's last cell is never shared, and what has split never joins again (published code; compared by place after dropped cells
 * are gone, not by layer of the supernet).
 */
export function sharedGroups(branches: DerivedBranch[]): BranchGroup[][] {
  const longest = Math.max(0, ...branches.map((branch) => branch.cells.length))
  const result: BranchGroup[][] = []
  let before: BranchGroup[] = [branches.map((_, index) => index)]
  for (let position = 0; position < longest; position++) {
    before = before.flatMap((group) => splitGroup(branches, group, position))
    result.push(before)
  }
  return result
}

/** How many leading cells all branches share; 0 for a single branch. */
export function sharedLayerCount(branches: DerivedBranch[]): number {
  if (branches.length < 2) return 0
  const groups = sharedGroups(branches)
  const firstSplit = groups.findIndex((group) => group[0].length !== branches.length)
  return firstSplit < 0 ? groups.length : firstSplit
}

function splitGroup(branches: DerivedBranch[], group: BranchGroup, position: number): BranchGroup[] {
  const bySignature = new Map<string, BranchGroup>()
  for (const index of group) {
    const signature = sharingSignature(branches[index], position, index)
    if (signature === undefined) continue
    const members = bySignature.get(signature)
    if (members) members.push(index)
    else bySignature.set(signature, [index])
  }
  return [...bySignature.values()]
}

/** Equal texts may share; undefined where the branch has ended. */
function sharingSignature(branch: DerivedBranch, position: number, index: number): string | undefined {
  const last = branch.cells.length - 1
  if (position > last) return undefined
  if (position === last) return `last cell of ${index}`
  const cell = branch.cells[position]
  return `${cell.operator} ${cell.width} ${branch.cells[position + 1].scale}`
}
