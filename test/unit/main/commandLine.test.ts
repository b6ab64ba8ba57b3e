import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readStartOptions } from '../../../src/main/commandLine.js'

const read = (...words: string[]) => readStartOptions(words, '/here', 'usual')

describe('what the desktop program was started with', () => {
  it('is the usual workspace where nothing is said, among the switches of others', () => {
    expect(read('--no-sandbox', '.', '--enable-logging')).toEqual({ workspace: resolve('/here/usual'), demo: false })
  })

  it('is a workspace, in both spellings, with blanks and letters of any language', () => {
    expect(read('.', '--workspace', '测试 数据/été').workspace).toBe(resolve('/here/测试 数据/été'))
    expect(read('.', '--workspace=/there').workspace).toBe(resolve('/there'))
  })

  it('is the demo, in a workspace of its own', () => {
    expect(read('.', '--demo')).toEqual({ workspace: resolve('/here/demo'), demo: true })
    expect(read('.', '--demo', '--workspace', 'x')).toEqual({ workspace: resolve('/here/x'), demo: true })
  })
})
