/** The house rules: the import table, no cycles, and who may touch which native library. Each rule is also seen to fail. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import { ESLint } from 'eslint'
import { afterEach, describe, expect, it } from 'vitest'
import rules from '../../.dependency-cruiser.mjs'
import { bans } from '../../eslint.bans.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

// The tree under check may have no tsconfig.json; nothing in it changes how imports are found.
const options = { ...rules.options }
delete options.tsConfig

/** Checks src below `folder`; gives every violation as `rule: from -> to`. */
async function violations(folder: string): Promise<string[]> {
  const { output } = await cruise(['src'], {
    baseDir: folder,
    validate: true,
    ruleSet: { forbidden: rules.forbidden },
    ...options
  })
  return (output as ICruiseResult).summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)
}

describe('the import table', () => {
  it('is kept by the whole tree', { timeout: 120_000 }, async () => {
    expect(await violations(root)).toEqual([])
  })
})

describe('a planted violation', () => {
  const planted: string[] = []

  afterEach(() => {
    for (const folder of planted.splice(0)) rmSync(folder, { recursive: true, force: true })
  })

  /** A tree of its own with these files. */
  function plant(files: Record<string, string>): string {
    const folder = mkdtempSync(join(tmpdir(), 'cellscope-guards-'))
    planted.push(folder)
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    return folder
  }

  const clean = "export const one = 1\n"
  const uses = (path: string) => `import { one } from '${path}'\nexport const two = one\n`

  it.each<[string, Record<string, string>, string]>([
    ['a cycle of values', { 'src/core/a.ts': `import { b } from './b.js'\nexport const a = () => b\n`, 'src/core/b.ts': `import { a } from './a.js'\nexport const b = () => a\n` }, 'no-cycle'],
    ['a cycle of types', { 'src/core/a.ts': `import type { B } from './b.js'\nexport interface A { b: B }\n`, 'src/core/b.ts': `import type { A } from './a.js'\nexport interface B { a: A }\n` }, 'no-cycle'],
    ['core that imports host', { 'src/core/a.ts': uses('../host/one.js'), 'src/host/one.ts': clean }, 'core-imports'],
    ['shared that imports core', { 'src/shared/a.ts': uses('../core/one.js'), 'src/core/one.ts': clean }, 'shared-imports'],
    ['core that touches node', { 'src/core/a.ts': "import { readFileSync } from 'node:fs'\nexport const read = readFileSync\n" }, 'core-without-node'],
    ['core that takes a package', { 'src/core/a.ts': "import { z } from 'zod'\nexport const schema = z\n" }, 'core-packages'],
    ['a host that reaches into the engine', { 'src/host/a.ts': uses('../engine/tensor/one.js'), 'src/engine/tensor/one.ts': clean }, 'host-imports'],
    ['a command line that reaches into the engine', { 'src/headless/a.ts': uses('../engine/one.js'), 'src/engine/one.ts': clean }, 'headless-imports'],
    ['a host that knows Electron', { 'src/host/a.ts': "import { app } from 'electron'\nexport const one = app\n" }, 'electron-in-its-folder'],
    ['a type of Electron in the command line', { 'src/headless/a.ts': "import type { App } from 'electron'\nexport type One = App\n" }, 'electron-in-its-folder'],
    ['a preload that reaches into main', { 'src/preload/a.ts': uses('../main/one.js'), 'src/main/one.ts': clean }, 'preload-imports'],
    ['a preload that touches node', { 'src/preload/a.ts': "import { readFileSync } from 'node:fs'\nexport const read = readFileSync\n" }, 'preload-without-node'],
    ['a desktop program that reaches into the engine', { 'src/main/a.ts': uses('../engine/one.js'), 'src/engine/one.ts': clean }, 'main-imports'],
    ['a loss that looks up to the search', { 'src/engine/loss/a.ts': uses('../search/one.js'), 'src/engine/search/one.ts': clean }, 'engine-order-loss'],
    ['a pipeline that looks up to the worker', { 'src/engine/pipeline/a.ts': uses('../worker.js'), 'src/engine/worker.ts': clean }, 'engine-order-pipeline'],
    ['an engine folder that has no place in the order', { 'src/engine/extra/a.ts': uses('../tensor/one.js'), 'src/engine/tensor/one.ts': clean }, 'engine-unknown-part'],
    ['TensorFlow outside tensor/', { 'src/engine/network/a.ts': "import * as tf from '@tensorflow/tfjs-node-gpu'\nexport const one = tf\n" }, 'tensorflow-in-its-folder'],
    ['a type of TensorFlow outside tensor/', { 'src/engine/loss/a.ts': "import type { Tensor } from '@tensorflow/tfjs-core'\nexport type T = Tensor\n" }, 'tensorflow-in-its-folder'],
    ['ONNX Runtime outside graph/', { 'src/engine/export/a.ts': "import { InferenceSession } from 'onnxruntime-node'\nexport const one = InferenceSession\n" }, 'onnxruntime-in-its-folder'],
    ['an import of a test', { 'src/core/a.ts': uses('../../test/one.js'), 'test/one.ts': clean }, 'src-not-from-test']
  ])('%s is refused', { timeout: 60_000 }, async (_, files, rule) => {
    const found = await violations(plant(files))
    expect(found.map((line) => line.split(':')[0])).toContain(rule)
  })

  it('is not seen where there is none', async () => {
    const folder = plant({
      'src/shared/one.ts': clean,
      'src/core/a.ts': uses('../shared/one.js'),
      'src/engine/tensor/a.ts': "import * as tf from '@tensorflow/tfjs-node-gpu'\nexport const one = tf\n",
      'src/engine/graph/a.ts': "import * as ort from 'onnxruntime-node'\nexport const one = ort\n",
      'src/engine/search/a.ts': uses('../tensor/a.js'),
      'src/engine/worker.ts': uses('./search/a.js'),
      'src/storage/a.ts': "import { readFileSync } from 'node:fs'\nexport const read = readFileSync\n"
    })
    expect(await violations(folder)).toEqual([])
  })
})

describe('the lint bans in src', () => {
  const eslint = new ESLint({ overrideConfigFile: true, cwd: root, overrideConfig: [{ files: ['**/*.js'], ...bans }] })

  it.each([
    ['Math.random()', 'randomStream'],
    ['const { random } = Math; random()', 'randomStream'],
    ['tf.randomUniform([2])', 'randomStream'],
    ['tf.randomNormal([2])', 'randomStream'],
    ['tf.truncatedNormal([2])', 'randomStream'],
    ['tf.dropout(x, 0.5)', 'randomStream'],
    ['crypto.getRandomValues(x)', 'randomStream']
  ])('refuse %s', async (code, hint) => {
    const [result] = await eslint.lintText(code, { filePath: join(root, 'planted.js') })
    expect(result?.messages.map(({ message }) => message).join()).toContain(hint)
  })

  it('let a seeded stream pass', async () => {
    const [result] = await eslint.lintText("randomStream(1, 'crop', 3).uniform()", { filePath: join(root, 'planted.js') })
    expect(result?.messages).toEqual([])
  })
})
