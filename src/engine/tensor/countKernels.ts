import { nativeBackend } from './native.js'

/** What ran, and how often. */
export interface KernelCount<T> {
  result: T
  total: number
  byName: Map<string, number>
}

/** Runs `work` and counts the TensorFlow kernels that it calls, stock operations' included. */
export function countKernels<T>(work: () => T): KernelCount<T> {
  const { byName, stop } = startCounting()
  try {
    return counted(work(), byName)
  } finally {
    stop()
  }
}

/** The same for work that waits in between; kernels that others call meanwhile are counted, too. */
export async function countKernelsUntil<T>(work: () => Promise<T>): Promise<KernelCount<T>> {
  const { byName, stop } = startCounting()
  try {
    return counted(await work(), byName)
  } finally {
    stop()
  }
}

function counted<T>(result: T, byName: Map<string, number>): KernelCount<T> {
  return { result, total: [...byName.values()].reduce((sum, calls) => sum + calls, 0), byName }
}

function startCounting(): { byName: Map<string, number>; stop: () => void } {
  const byName = new Map<string, number>()
  const { executeSingleOutput, executeMultipleOutputs } = nativeBackend
  const count = (name: string): void => { byName.set(name, (byName.get(name) ?? 0) + 1) }
  nativeBackend.executeSingleOutput = (name, ...rest) => {
    count(name)
    return executeSingleOutput.call(nativeBackend, name, ...rest)
  }
  nativeBackend.executeMultipleOutputs = (name, ...rest) => {
    count(name)
    return executeMultipleOutputs.call(nativeBackend, name, ...rest)
  }
  const stop = (): void => {
    nativeBackend.executeSingleOutput = executeSingleOutput
    nativeBackend.executeMultipleOutputs = executeMultipleOutputs
  }
  return { byName, stop }
}
