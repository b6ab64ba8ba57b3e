import { afterEach, expect, test } from 'vitest'
import { faultPoint, handlerFromText, setFaultHandler } from '../../../src/storage/fault.js'

afterEach(() => setFaultHandler(undefined))

test('a point without a handler does nothing', () => {
  expect(faultPoint('checkpoint.afterTemp')).toBeUndefined()
})

test('a handler sees the name; system errors carry their code, actions for the place are returned', () => {
  const seen: string[] = []
  setFaultHandler((point) => {
    seen.push(point)
    return point === 'a' ? 'ENOSPC' : 'short'
  })
  expect(() => faultPoint('a')).toThrow(expect.objectContaining({ code: 'ENOSPC' }))
  expect(faultPoint('b')).toBe('short')
  expect(seen).toEqual(['a', 'b'])
})

test('the variable names point, hit and action; others count apart', () => {
  const handler = handlerFromText('journal.midLine:2:EIO,*:4:short')
  expect(['journal.midLine', 'other', 'journal.midLine', 'other', 'other'].map((point) => handler?.(point))).toEqual([
    undefined,
    undefined,
    'EIO',
    'short',
    undefined
  ])
})

test.each(['a', 'a:0:kill', 'a:1:explode', ':1:kill', 'a:1:kill,', 'a:x:kill'])(
  '%s is refused: a test must not pass by a typing error',
  (text) => {
    expect(() => handlerFromText(text)).toThrow('CELLSCOPE_FAULT: expected point:hit:action')
  }
)
