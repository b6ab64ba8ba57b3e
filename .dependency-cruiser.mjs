/** The import table of docs/architecture.md as rules; test/unit/guards.test.ts holds the tree to them. */

/** What each folder of src may import besides itself; packages and node's own modules where they are named. */
const table = {
  shared: { folders: [], packages: ['zod'], node: false },
  core: { folders: ['shared'], packages: [], node: false },
  storage: { folders: ['shared'], packages: ['zod', 'fflate'], node: true },
  engine: { folders: ['shared', 'core', 'storage'], node: true },
  host: { folders: ['shared', 'core', 'storage'], packages: ['zod'], node: true },
  headless: { folders: ['shared', 'core', 'host'], node: true },
  main: { folders: ['shared', 'core', 'host', 'headless'], packages: ['electron', 'zod'], node: true },
  preload: { folders: ['shared'], packages: ['electron'], node: false },
  renderer: { folders: ['shared', 'core'], node: false }
}

/** The order inside engine, lowest first; a part imports only from lower ranks and from itself. A part is a folder, unless it is below. */
const engineOrder = [
  ['contract'],
  ['tensor', 'graph'],
  ['data', 'network', 'loss'],
  ['latency'],
  ['steps'],
  ['search'],
  ['train'],
  ['evaluate'],
  ['export'],
  ['report'],
  ['pipeline'],
  ['worker']
]

/** contract: what the worker gives to the stages, as types. worker: every other file that stands in engine itself. */
const engineParts = {
  contract: '(runContext|job)[.]ts$',
  pipeline: '(pipeline[.]ts$|pipeline/|stages/)',
  worker: '(worker/|(?!(pipeline|runContext|job)[.])[^/]+[.]ts$)'
}

/** Packages that a single folder may touch. In a tree without node_modules a package's path is its bare name. */
/** @type {{ name: string, packages: string, folder: string }[]} */
const owners = [
  { name: 'tensorflow', packages: '@tensorflow/', folder: 'src/engine/tensor' },
  { name: 'onnxruntime', packages: 'onnxruntime-', folder: 'src/engine/graph' },
  { name: 'electron', packages: 'electron(/|$)', folder: 'src/(main|preload)' },
  { name: 'echarts', packages: '(vue-)?echarts/', folder: 'src/renderer/charts' }
]

const folderRules = Object.entries(table).flatMap(([folder, { folders, packages, node }]) => [
  forbid(`${folder}-imports`, { path: `^src/${folder}/` }, { path: '^src/', pathNot: `^src/(${[folder, ...folders].join('|')})/` }),
  ...(node ? [] : [forbid(`${folder}-without-node`, { path: `^src/${folder}/` }, { dependencyTypes: ['core'] })]),
  ...(packages
    ? [
        forbid(
          `${folder}-packages`,
          { path: `^src/${folder}/` },
          { pathNot: ['^(src|test)/', ...packages.map((name) => `(^|node_modules/)${name}(/|$)`)], dependencyTypesNot: ['core', 'local'] }
        )
      ]
    : [])
])

const enginePath = (part) => `^src/engine/${engineParts[part] ?? `${part}/`}`

const engineRules = engineOrder.flatMap((rank, index) => {
  const lower = engineOrder.slice(0, index).flat()
  return rank.map((part) => forbid(`engine-order-${part}`, { path: enginePath(part) }, { path: '^src/engine/', pathNot: [part, ...lower].map(enginePath) }))
})

const everyPart = engineOrder.flat().map(enginePath)
engineRules.push(forbid('engine-unknown-part', { path: '^src/engine/', pathNot: everyPart }, {}))

const ownerRules = owners.map(({ name, packages, folder }) =>
  forbid(`${name}-in-its-folder`, { path: '^src/', pathNot: `^${folder}/` }, { path: `(^|node_modules/)${packages}` })
)

/** @returns {import('dependency-cruiser').IForbiddenRuleType} */
function forbid(name, from, to) {
  return { name, severity: 'error', comment: 'See the import table in docs/architecture.md.', from, to }
}

/** @type {{ forbidden: import('dependency-cruiser').IForbiddenRuleType[], options: import('dependency-cruiser').ICruiseOptions }} */
export default {
  forbidden: [
    { name: 'no-cycle', severity: 'error', comment: 'Two files that need each other are one file, or miss a third.', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', comment: 'An import that leads nowhere.', from: {}, to: { couldNotResolve: true, path: '^\\.' } },
    forbid('engine-only-in-worker', { path: '^src/(?!engine/)' }, { path: '^src/engine/' }),
    forbid('src-not-from-test', { path: '^src/' }, { path: '^(test|scripts|bench)/' }),
    ...folderRules,
    ...engineRules,
    ...ownerRules
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] }
  }
}
