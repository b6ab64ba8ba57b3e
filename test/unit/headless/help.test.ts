import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeSettings } from '../../../src/shared/config/describeSettings.js'
import { testHeadless } from './testHeadless.js'

let folder = ''
let workspace = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'))
  workspace = join(folder, 'work space 工作区')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('help', () => {
  it('shows every setting with its range and default', async () => {
    for (const command of [['run'], ['search'], ['train'], ['resume']]) {
      const { code, out } = await testHeadless(workspace).run(...command, '--help')
      expect(code).toBe(0)
      for (const { path } of describeSettings()) expect(out, `${command[0]} ${path}`).toMatch(new RegExp(`--${path.replaceAll('.', '\\.')} [<[]`))
    }
  })

  it('shows every command, and says where the settings are', async () => {
    for (const words of [[], ['--help']]) {
      const { code, out } = await testHeadless(workspace).run(...words)
      expect(code).toBe(0)
      for (const command of [
        'run',
        'search',
        'derive',
        'train',
        'evaluate',
        'export',
        'latency',
        'inspect',
        'report',
        'resume',
        'digest',
        'runs',
        'demo',
        'doctor'
      ]) {
        expect(out).toMatch(new RegExp(`^  ${command}\\b`, 'm'))
      }
      expect(out).toContain('cellscope run --help')
      expect(out).toContain('Exit codes:')
    }
  })

  it('says its version', async () => {
    const { out } = await testHeadless(workspace).run('--version')
    const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }
    expect(out).toBe(`${version}\n`)
  })
})

describe('what is not understood', () => {
  it.each([
    [['serach'], 'Did you mean search?'],
    [['run', '--search.lamda', '1'], 'Did you mean --search.lambda?'],
    [['run', '--seed'], "option '--seed <n>' argument missing"],
    [['inspect'], "missing required argument 'file'"],
    [['run', 'extra'], 'too many arguments'],
    [['latency', 'guess'], 'unknown command']
  ])('%j ends with 2 and a sentence', async (words, sentence) => {
    const { code, out, error } = await testHeadless(workspace).run(...words)
    expect(code).toBe(2)
    expect(error).toContain(sentence)
    expect(error).not.toContain('    at ')
    expect(out).toBe('')
  })

  it.each([
    [['run', '--search.lambda', '1e999'], '--search.lambda must be number, 0 to 1000000, but is "1e999".'],
    [['run', '--space.layers', '2'], 'The command line: space.layers must be whole number, 3 to 64, but is 2.'],
    [['run', '--preset', 'quik'], 'There is no preset "quik".'],
    [['run', '--config', 'nowhere.json'], 'nowhere.json'],
    [['run', '--name', '../escape', '--dry-run', '--preset', 'nope'], 'There is no preset "nope".'],
    [['run', '--name', '../escape'], '../escape'],
    [['resume', 'nothing'], 'There is no run "nothing"'],
    [['digest', 'nothing'], 'There is no run "nothing"'],
    [['report', 'nothing'], 'There is no run "nothing"'],
    [['inspect', 'nowhere.json'], 'nowhere.json does not exist.'],
    [['train', 'nowhere.json'], 'nowhere.json does not exist.'],
    [['export', 'nowhere.json'], 'nowhere.json is neither an architecture.json'],
    [['export', 'package.json', '--size', '100x100'], '--size must be HEIGHTxWIDTH, both multiples of 32'],
    [['export', 'package.json', '--format', 'onix'], '--format must be one of onnx'],
    [['export', 'package.json', '--init', 'random', '--seed', 'x'], '--seed must be a whole number'],
    [['doctor'], 'doctor.mjs does not exist']
  ])('%j ends with 1, a sentence and a hint', async (words, sentence) => {
    const { code, error } = await testHeadless(workspace).run(...words)
    expect(code).toBe(1)
    expect(error).toContain(sentence)
    expect(error).toMatch(/^Error: .+\n.+\n$/)
    expect(error).not.toContain('    at ')
  })

  it.each([
    ['not JSON', '{', 'expected JSON'],
    ['a list', '[]', 'expected an object with settings'],
    ['a key into the prototype', '{"__proto__": {"a": 1}}', '__proto__'],
    ['a number without end', '{"search": {"lambda": 1e999}}', 'search.lambda'],
    ['an unknown key', '{"search": {"lamda": 1}}', 'there is no setting "search.lamda"'],
    ['an unknown group', '{"serach": {}}', 'there is no setting "serach"'],
    ['a wrong type', '{"seed": "one"}', 'seed must be whole number'],
    ['endless nesting', '['.repeat(10_000), 'nested levels'],
    ['ten megabytes', `{"data": {"source": "${'x'.repeat(10_000_000)}"}}`, 'bytes']
  ])('a settings file with %s', async (_, text, sentence) => {
    const path = join(folder, '设置 file.json')
    writeFileSync(path, text)
    const { code, error } = await testHeadless(workspace).run('run', '--config', path)
    expect(code).toBe(1)
    expect(error).toContain(sentence)
    expect(error).toContain('设置 file.json')
    expect(error.length).toBeLessThan(1000)
  })

  it('is told to machines as JSON', async () => {
    const { code, lines } = await testHeadless(workspace).run('resume', 'nothing', '--json')
    expect(code).toBe(1)
    expect(lines).toEqual([{ message: 'failed', error: expect.objectContaining({ code: 'run.not-found', kind: 'user' }) as object }])
  })
})
