import { describe, expect, it } from 'vitest'
import { isOurPage } from '../../../src/main/isOurPage.js'

describe('our page', () => {
  it.each(['app://cellscope/', 'app://cellscope', 'app://cellscope/index.html#/data'])('is %s', (url) => {
    expect(isOurPage(url)).toBe(true)
  })

  it.each([
    'app://cellscope.evil/', 'app://evil/', 'app://cellscope@evil/', 'app://user@cellscope/', 'app://cellscope:80/', 'https://cellscope/',
    'file:///cellscope', 'about:blank', 'javascript:alert(1)', 'null', ''
  ])('is not %s', (url) => {
    expect(isOurPage(url)).toBe(false)
  })
})
