/** Runs a program without a shell and waits for it. */
import { spawn } from 'node:child_process'

/**
 * Resolves with the exit code and everything that was printed; never rejects: a program that cannot be started has code 127.
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>}
 */
export function runProgram(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (part) => (stdout += String(part)))
    child.stderr.on('data', (part) => (stderr += String(part)))
    child.on('error', (error) => resolve({ code: 127, stdout, stderr: stderr + error.message }))
    child.on('close', (code, signal) => resolve({ code: code ?? 1, stdout, stderr: signal ? `${stderr}\nended by ${signal}` : stderr }))
  })
}

/** The last lines of a program's complaint, short enough to show. */
export function lastLines(text, count = 6) {
  return text.trim().split('\n').slice(-count).join('\n')
}
