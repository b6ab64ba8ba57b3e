import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pageFile } from '../../../src/main/pageFile.js'

const folder = join('/built', 'workbench')

describe('a file of the page', () => {
  it.each([
    ['app://cellscope/', 'index.html', 'text/html; charset=utf-8'],
    ['app://cellscope/index.html', 'index.html', 'text/html; charset=utf-8'],
    ['app://cellscope/?run=1#/data', 'index.html', 'text/html; charset=utf-8'],
    ['app://cellscope/assets/main-D3_x.js', 'assets/main-D3_x.js', 'text/javascript; charset=utf-8'],
    ['app://cellscope/assets/main.css?v=2', 'assets/main.css', 'text/css; charset=utf-8']
  ])('%s is %s', (address, path, type) => {
    expect(pageFile(address, folder)).toEqual({ path: join(folder, path), type })
  })

  it.each([
    'app://cellscope/../main/main.cjs',
    'app://cellscope/../workbench-old/index.html',
    'app://cellscope/..%2fmain%2fmain.cjs',
    'app://cellscope/%2e%2e/main/index.html',
    'app://cellscope/%252e%252e/main/index.html',
    'app://cellscope/assets/..%5c..%5cmain.js',
    'app://cellscope/..\\main\\index.html',
    'app://cellscope/index.html%00.js',
    'app://cellscope/index.html\u0000.js',
    'app://cellscope//etc/passwd.html',
    'app://cellscope/C:/secret.html',
    'app://cellscope/.git/config.json',
    'app://cellscope/assets/.hidden.js',
    'app://cellscope/assets/',
    'app://cellscope/assets',
    'app://cellscope/main.cjs',
    'app://cellscope/main.js.map',
    'app://cellscope',
    'app://cellscope.evil/index.html',
    'app://cellscope@evil/index.html',
    'app://evil/index.html',
    'app://cellscope:80/index.html',
    'file:///built/workbench/index.html',
    'https://cellscope/index.html',
    'index.html',
    ''
  ])('%j is none', (address) => {
    expect(pageFile(address, folder)).toBeUndefined()
  })
})
