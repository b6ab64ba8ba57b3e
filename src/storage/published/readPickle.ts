/**
 * A closed reader of pickle (protocols 2 to 4), for files of plain arrays. It interprets a list of opcodes that make data, and a call only
 * of the few names that the caller lists, each of which is a function here that checks its arguments. Everything else is refused by name.
 */
import type { AppError } from '../../shared/errors.js'
import { ByteCursor } from './byteCursor.js'
import { refusedOpcodes } from './pickleOpcodes.js'
import { describeValue, GlobalName, PickleDict, PickleList, PickleTuple, type PickleValue } from './pickleValues.js'
import { refused } from './refused.js'

export type Refuse = (found: string) => AppError

export interface PickleWords {
  /** Names that may occur. Those with a function may be called; it makes a value of the arguments. */
  names: ReadonlyMap<string, ((given: readonly PickleValue[], refuse: Refuse) => PickleValue) | undefined>
  /** Sets the state of an object (BUILD). Where absent, there is nothing to set. */
  build?: (target: PickleValue, state: PickleValue, refuse: Refuse) => void
  /** What a persistent id stands for. Where absent, there are none. */
  persistent?: (id: PickleValue, refuse: Refuse) => PickleValue
}

/** Far above what the published files need (some 2100 opcodes, 686 memos, texts of 70 characters). */
const most = { opcodes: 100_000, stack: 20_000, memo: 20_000, textBytes: 1024, calls: 5_000, longBytes: 32 }

/** The value that begins at `start`, and where the bytes after it begin. @throws AppError file.format */
export function readPickle(bytes: Uint8Array, start: number, source: string, words: PickleWords): { value: PickleValue; end: number } {
  const machine = new Machine(new ByteCursor(bytes, start, source), source, words)
  const value = machine.run()
  return { value, end: machine.cursor.at }
}

class Machine {
  private readonly stack: PickleValue[] = []
  private readonly marks: number[] = []
  private readonly memo = new Map<number, PickleValue>()
  private calls = 0

  constructor(
    readonly cursor: ByteCursor,
    private readonly source: string,
    private readonly words: PickleWords
  ) {}

  run(): PickleValue {
    if (this.cursor.uint8() !== 0x80) throw this.refuse('expected a pickle, found other bytes')
    this.protocol()
    for (let count = 0; count < most.opcodes; count++) {
      const opcode = this.cursor.uint8()
      if (opcode === stop) return this.last()
      const step = steps.get(opcode)
      if (step === undefined) throw this.refuse(`the pickle opcode ${nameOf(opcode)} is not one that plain arrays need`)
      step(this)
    }
    throw this.refuse(`the pickle has more than ${most.opcodes} opcodes`)
  }

  refuse = (found: string): AppError => refused(this.source, `${found} (at byte ${this.cursor.at})`)

  protocol(): void {
    const version = this.cursor.uint8()
    if (version < 2 || version > 4) throw this.refuse(`expected pickle protocol 2, 3 or 4, found ${version}`)
  }

  push(value: PickleValue): void {
    if (this.stack.length >= most.stack) throw this.refuse(`the pickle holds more than ${most.stack} values on its stack`)
    this.stack.push(value)
  }

  /** The topmost value above the last mark, taken off. */
  pop(): PickleValue {
    const value = this.top()
    this.stack.pop()
    return value
  }

  top(): PickleValue {
    const floor = this.marks.length === 0 ? 0 : this.marks[this.marks.length - 1]
    if (this.stack.length <= floor) throw this.refuse('the pickle takes a value where there is none')
    return this.stack[this.stack.length - 1]
  }

  mark(): void {
    if (this.marks.length >= most.stack) throw this.refuse(`the pickle has more than ${most.stack} marks`)
    this.marks.push(this.stack.length)
  }

  popToMark(): PickleValue[] {
    const mark = this.marks.pop()
    if (mark === undefined) throw this.refuse('the pickle goes back to a mark that is not there')
    return this.stack.splice(mark)
  }

  popMany(count: number): PickleValue[] {
    return Array.from({ length: count }, () => this.pop()).reverse()
  }

  put(index: number): void {
    if (index >= most.memo) throw this.refuse(`expected memo numbers below ${most.memo}, found ${index}`)
    this.memo.set(index, this.top())
  }

  memoize(): void {
    this.put(this.memo.size)
  }

  get(index: number): void {
    const value = this.memo.get(index)
    if (value === undefined) throw this.refuse(`the pickle reads memo ${index}, which is not there`)
    this.push(value)
  }

  text(bytes: number): string {
    return this.cursor.text(this.short(bytes))
  }

  bytes(count: number): Uint8Array {
    return this.cursor.slice(this.short(count))
  }

  short(bytes: number): number {
    if (bytes > most.textBytes) throw this.refuse(`expected texts of at most ${most.textBytes} bytes, found one of ${bytes}`)
    return bytes
  }

  /** A frame only says how many bytes come; it must not say more than there are. */
  frame(): void {
    const length = this.cursor.uint64()
    if (length > BigInt(this.cursor.remaining)) throw this.refuse(`a frame of ${length} bytes is longer than the file`)
  }

  long(): void {
    const bytes = this.cursor.uint8()
    if (bytes > most.longBytes) throw this.refuse(`expected whole numbers of at most ${most.longBytes} bytes, found one of ${bytes}`)
    const unsigned = [...this.cursor.slice(bytes)].reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n)
    const value = BigInt.asIntN(8 * bytes, unsigned)
    const isSafe = value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER)
    this.push(isSafe ? Number(value) : value)
  }

  global(module: PickleValue, attribute: PickleValue): void {
    if (typeof module !== 'string' || typeof attribute !== 'string') throw this.refuse('the pickle names something that is no text')
    const name = `${module}.${attribute}`
    if (!this.words.names.has(name)) throw this.refuse(`the pickle asks for ${JSON.stringify(name)}, which plain arrays do not need`)
    this.push(new GlobalName(name))
  }

  reduce(): void {
    const [callee, given] = this.popMany(2)
    if (++this.calls > most.calls) throw this.refuse(`the pickle makes more than ${most.calls} calls`)
    const rebuild = callee instanceof GlobalName ? this.words.names.get(callee.name) : undefined
    if (rebuild === undefined) throw this.refuse(`the pickle calls ${describeValue(callee)} (REDUCE), which is not allowed`)
    if (!(given instanceof PickleTuple)) throw this.refuse(`the pickle calls with ${describeValue(given)}, expected a tuple`)
    this.push(rebuild(given.items, this.refuse))
  }

  build(): void {
    const state = this.pop()
    const target = this.top()
    if (this.words.build === undefined) throw this.refuse(`the pickle sets the state of ${describeValue(target)} (BUILD), which is not allowed`)
    this.words.build(target, state, this.refuse)
  }

  persistent(): void {
    const id = this.pop()
    if (this.words.persistent === undefined) throw this.refuse('the pickle has a persistent id (BINPERSID), which only torch files have')
    this.push(this.words.persistent(id, this.refuse))
  }

  append(items: PickleValue[]): void {
    const list = this.top()
    if (!(list instanceof PickleList)) throw this.refuse(`the pickle appends to ${describeValue(list)}, expected a list`)
    for (const item of items) list.items.push(item)
  }

  setItems(items: PickleValue[]): void {
    const dict = this.top()
    if (!(dict instanceof PickleDict)) throw this.refuse(`the pickle sets an item of ${describeValue(dict)}, expected a dict`)
    if (items.length % 2 !== 0) throw this.refuse('the pickle sets a key without a value')
    for (let index = 0; index < items.length; index += 2) {
      const key = items[index]
      if (typeof key !== 'string') throw this.refuse(`expected texts as keys of a dict, found ${describeValue(key)}`)
      if (dict.entries.has(key)) throw this.refuse(`the key ${JSON.stringify(key.slice(0, 60))} occurs twice in one dict`)
      dict.entries.set(key, items[index + 1])
    }
  }

  private last(): PickleValue {
    if (this.marks.length > 0 || this.stack.length !== 1) throw this.refuse('the pickle stops without exactly one value')
    return this.stack[0]
  }
}

const stop = 0x2e

/** What each allowed opcode does (Python's pickletools has their words). */
const steps: ReadonlyMap<number, (machine: Machine) => void> = new Map<number, (machine: Machine) => void>([
  [0x80, (machine) => machine.protocol()],
  [0x95, (machine) => machine.frame()],
  [0x28, (machine) => machine.mark()],
  [0x4e, (machine) => machine.push(null)],
  [0x88, (machine) => machine.push(true)],
  [0x89, (machine) => machine.push(false)],
  [0x4a, (machine) => machine.push(machine.cursor.int32())],
  [0x4b, (machine) => machine.push(machine.cursor.uint8())],
  [0x4d, (machine) => machine.push(machine.cursor.uint16())],
  [0x8a, (machine) => machine.long()],
  [0x47, (machine) => machine.push(machine.cursor.float64())],
  [0x58, (machine) => machine.push(machine.text(machine.cursor.uint32()))],
  [0x8c, (machine) => machine.push(machine.text(machine.cursor.uint8()))],
  [0x42, (machine) => machine.push(machine.bytes(machine.cursor.uint32()))],
  [0x43, (machine) => machine.push(machine.bytes(machine.cursor.uint8()))],
  [0x29, (machine) => machine.push(new PickleTuple([]))],
  [0x85, (machine) => machine.push(new PickleTuple(machine.popMany(1)))],
  [0x86, (machine) => machine.push(new PickleTuple(machine.popMany(2)))],
  [0x87, (machine) => machine.push(new PickleTuple(machine.popMany(3)))],
  [0x74, (machine) => machine.push(new PickleTuple(machine.popToMark()))],
  [0x5d, (machine) => machine.push(new PickleList())],
  [0x61, (machine) => machine.append(machine.popMany(1))],
  [0x65, (machine) => machine.append(machine.popToMark())],
  [0x7d, (machine) => machine.push(new PickleDict())],
  [0x73, (machine) => machine.setItems(machine.popMany(2))],
  [0x75, (machine) => machine.setItems(machine.popToMark())],
  [0x71, (machine) => machine.put(machine.cursor.uint8())],
  [0x72, (machine) => machine.put(machine.cursor.uint32())],
  [0x94, (machine) => machine.memoize()],
  [0x68, (machine) => machine.get(machine.cursor.uint8())],
  [0x6a, (machine) => machine.get(machine.cursor.uint32())],
  [0x63, (machine) => machine.global(machine.cursor.line(most.textBytes), machine.cursor.line(most.textBytes))],
  [0x93, (machine) => machine.global(...(machine.popMany(2) as [PickleValue, PickleValue]))],
  [0x52, (machine) => machine.reduce()],
  [0x62, (machine) => machine.build()],
  [0x51, (machine) => machine.persistent()]
])

function nameOf(opcode: number): string {
  const code = `0x${opcode.toString(16).padStart(2, '0')}`
  const name = refusedOpcodes[opcode]
  return name === undefined ? code : `${name} (${code})`
}
