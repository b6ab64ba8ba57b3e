import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A process that says a line of JSON when it is ready, one for every line that it reads, and one at the end of its input. */
export interface Speaker<Said> {
  /** The next line that it says; throws where it ends instead. */
  hear(): Promise<Said>
  /** What it says to one more line. */
  ask(): Promise<Said>
  /** Ends its input; its last line. */
  end(): Promise<Said>
}

/** The lines of `child`, which was started with pipes for input and output. */
export function speaker<Said>(child: ChildProcess): Speaker<Said> {
  const iterator = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  const hear = async (): Promise<Said> => {
    const next = await iterator.next()
    if (next.done === true) throw new Error(`${child.spawnfile} ended early; what it said is above.`)
    return JSON.parse(next.value) as Said
  }
  return {
    hear,
    ask: () => {
      child.stdin?.write('once\n')
      return hear()
    },
    end: () => {
      child.stdin?.end()
      return hear()
    }
  }
}
