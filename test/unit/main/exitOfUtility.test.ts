import { describe, expect, it } from 'vitest'
import { exitOfUtility } from '../../../src/main/exitOfUtility.js'

describe('the end of a utility process', () => {
  it.each([0, 1, 9])('with a farewell is a code: %i', (code) => {
    expect(exitOfUtility(code, true)).toEqual({ code, signal: null })
  })

  // 0 after kill -9 and 11 after a SIGSEGV is what Electron 22 said when it was tried.
  it.each([
    [0, 'SIGKILL'],
    [9, 'SIGKILL'],
    [137, 'SIGKILL'],
    [-9, 'SIGKILL'],
    [11, 'SIGSEGV'],
    [139, 'SIGSEGV'],
    [6, 'SIGABRT'],
    [134, 'SIGABRT'],
    [15, 'SIGTERM']
  ])('without one is a signal: %i is %s', (code, signal) => {
    expect(exitOfUtility(code, false)).toEqual({ code: null, signal })
  })

  it.each([1, 2, 127, 255])('without one and without a signal stays a code: %i', (code) => {
    expect(exitOfUtility(code, false)).toEqual({ code, signal: null })
  })
})
