/** Finds the programs that the set-up needs: Python with pip, and a C++ compiler. */
import { runProgram } from './runProgram.mjs'
import { SetupError } from './setupError.mjs'

/** The first Python 3 that has pip, as { program, version, pip }; null when there is none. */
export async function findPython() {
  for (const program of [process.env.PYTHON, 'python3', 'python'].filter(Boolean)) {
    const version = await runProgram(program, ['-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3])'])
    if (version.code !== 0 || !version.stdout.startsWith('3.')) continue
    const pip = await runProgram(program, ['-m', 'pip', '--version'])
    if (pip.code === 0) return { program, version: version.stdout.trim(), pip: pip.stdout.split(' ')[1] ?? '' }
  }
  return null
}

export async function requirePython() {
  const python = await findPython()
  if (python) return python
  throw new SetupError('Python 3 with pip was not found.', 'Install it (Debian and Ubuntu: `apt-get install python3-pip`), or name it in the variable PYTHON.')
}

/** The first C++ compiler that answers, as { program, version }; null when there is none. */
export async function findCompiler() {
  for (const program of [process.env.CXX, 'g++', 'c++', 'clang++'].filter(Boolean)) {
    const answer = await runProgram(program, ['--version'])
    if (answer.code === 0) return { program, version: answer.stdout.split('\n')[0] ?? '' }
  }
  return null
}

export async function requireCompiler() {
  const compiler = await findCompiler()
  if (compiler) return compiler
  throw new SetupError('No C++ compiler was found.', 'Install one (Debian and Ubuntu: `apt-get install g++`), or name it in the variable CXX.')
}
