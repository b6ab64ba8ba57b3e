/** The pickle reader by itself, on pickles written by hand. */
import { describe, expect, it } from 'vitest'
import { refusedOpcodes } from '../../../../src/storage/published/pickleOpcodes.js'
import { PickleDict, PickleList, PickleTuple, type PickleValue } from '../../../../src/storage/published/pickleValues.js'
import { readPickle, type PickleWords } from '../../../../src/storage/published/readPickle.js'
import { caught } from '../caught.js'

const ascii = (text: string): number[] => [...Buffer.from(text, 'latin1')]
const nothing: PickleWords = { names: new Map() }
const read = (bytes: number[], words = nothing): PickleValue => readPickle(new Uint8Array([0x80, 2, ...bytes]), 0, 'x.pkl', words).value
const refusal = (bytes: number[], words = nothing): string => caught(() => read(bytes, words)).message

describe('values', () => {
  it.each<[string, number[], PickleValue]>([
    ['None', ascii('N.'), null],
    ['True', [0x88, 0x2e], true],
    ['a negative int', [0x4a, 0xfe, 0xff, 0xff, 0xff, 0x2e], -2],
    ['a short', [0x4d, 0x01, 0x02, 0x2e], 513],
    ['an empty long', [0x8a, 0, 0x2e], 0],
    ['a negative long', [0x8a, 2, 0x00, 0xff, 0x2e], -256],
    ['a long beyond doubles', [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e], 119547037146038801333356n],
    ['a float', [0x47, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0x2e], 1.5],
    ['a text', [0x58, 3, 0, 0, 0, 0xe8, 0xb7, 0x91, 0x2e], '跑'],
    ['a tuple of two', ascii('NN\x86.'), new PickleTuple([null, null])]
  ])('%s', (_, bytes, value) => {
    expect(read(bytes)).toEqual(value)
  })

  it('lists and dicts, also such as hold themselves', () => {
    const list = read([...ascii(']q'), 0, ...ascii('h'), 0, ...ascii('a.')])
    expect(list instanceof PickleList && list.items[0] === list).toBe(true)
    const dict = read([...ascii('}(\x8c\x09__proto__NU'.replace('U', 'u')), ...ascii('.')])
    expect(dict instanceof PickleDict && dict.entries.get('__proto__')).toBe(null)
    expect(Object.getPrototypeOf(dict)).toBe(PickleDict.prototype)
  })
})

describe('refusals', () => {
  it('name every opcode that makes more than data', () => {
    for (const [opcode, name] of Object.entries(refusedOpcodes)) {
      expect(refusal([Number(opcode), 0, 0, 0, 0x2e])).toContain(`the pickle opcode ${name} (0x${Number(opcode).toString(16)})`)
    }
    expect(refusal([0xff])).toContain('the pickle opcode 0xff is not one')
  })

  it('name what a pickle asks for, spelt in either way', () => {
    expect(refusal(ascii('cos\nsystem\n(tR.'))).toMatch(/asks for "os\.system"/)
    expect(refusal(ascii('\x8c\x02os\x8c\x06system\x93.'))).toMatch(/asks for "os\.system"/)
    expect(refusal(ascii('c__main__\nconstructor\n.'))).toMatch(/asks for "__main__\.constructor"/)
  })

  it('call nothing but what may be called', () => {
    const words: PickleWords = { names: new Map([['a.type', undefined], ['a.call', () => 7]]) }
    expect(read(ascii('ca\ncall\n)R.'), words)).toBe(7)
    expect(refusal(ascii('ca\ntype\n)R.'), words)).toMatch(/calls the name a\.type \(REDUCE\), which is not allowed/)
    expect(refusal(ascii('N)R.'), words)).toMatch(/calls None \(REDUCE\)/)
    expect(refusal(ascii('ca\ncall\nNR.'), words)).toMatch(/calls with None, expected a tuple/)
    expect(refusal(ascii(']}b.'), words)).toMatch(/sets the state of a list of 0 \(BUILD\)/)
    expect(refusal(ascii('NQ.'), words)).toMatch(/BINPERSID/)
  })

  it.each<[string, number[], RegExp]>([
    ['no value', ascii('.'), /without exactly one value/],
    ['two values', ascii('NN.'), /without exactly one value/],
    ['an open mark', ascii('(.'), /without exactly one value/],
    ['a value from below a mark', ascii('N(a.'), /takes a value where there is none/],
    ['a mark that is not there', ascii('Nt.'), /goes back to a mark/],
    ['a memo that is not there', [0x68, 3, 0x2e], /reads memo 3/],
    ['a memo far away', [0x4e, 0x72, 255, 255, 255, 255, 0x2e], /memo numbers below 20000, found 4294967295/],
    ['a long text', [0x58, 255, 255, 255, 127], /at most 1024 bytes, found one of 2147483647/],
    ['a text that ends early', [0x58, 9, 0, 0, 0, 65], /expected 9 more bytes at byte 7, but the file ends after 1/],
    ['a text that is no UTF-8', [0x58, 1, 0, 0, 0, 0xff, 0x2e], /expected UTF-8/],
    ['a long integer', [0x8a, 255], /at most 32 bytes, found one of 255/],
    ['a frame longer than the file', [0x95, 255, 255, 255, 255, 255, 255, 255, 255], /a frame of 18446744073709551615 bytes/],
    ['an item of no dict', ascii('NNNs.'), /sets an item of None/],
    ['a key that is no text', ascii('}NNs.'), /texts as keys of a dict, found None/],
    ['a key without a value', ascii('}(Nu.'), /a key without a value/],
    ['a key twice', ascii('}\x8c\x01aN\x73\x8c\x01aN\x73.'), /"a" occurs twice/],
    ['no end', ascii('N'), /the file ends/],
    ['another protocol', [0x80, 5], /protocol 2, 3 or 4, found 5/]
  ])('%s', (_, bytes, message) => {
    expect(refusal(bytes)).toMatch(message)
  })

  it('too many opcodes, values, marks and calls', () => {
    const repeated = (text: string, times: number) => Array.from({ length: times }, () => ascii(text)).flat()
    const words: PickleWords = { names: new Map([['a.call', () => null]]) }
    expect(refusal(repeated('N', 20_001))).toMatch(/more than 20000 values on its stack/)
    expect(refusal(repeated('(', 20_001))).toMatch(/more than 20000 marks/)
    expect(refusal([...ascii('N'), ...repeated('\x85', 100_001)])).toMatch(/more than 100000 opcodes/)
    expect(refusal(repeated('ca\ncall\n)R', 5_001), words)).toMatch(/more than 5000 calls/)
  })
})
