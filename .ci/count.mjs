/** Adds up what .ci/run left in a folder: vitest's JSON reports and the named checks. Prints the closing line. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.argv[2]
const lines = (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8').trim().split('\n') : [])

let passed = lines('passed').length
let failed = lines('failed').length
let skipped = 0
for (const line of lines('failed')) console.log(`FAILED: ${line}`)
for (const name of readdirSync(folder).filter((file) => /^vitest.*\.json$/.test(file))) {
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'))
  passed += report.numPassedTests
  failed += report.numFailedTests
  skipped += report.numPendingTests + report.numTodoTests
  for (const file of report.testResults) {
    // A file that could not even be loaded has no tests to count.
    if (file.status === 'failed' && file.assertionResults.length === 0) {
      failed += 1
      console.log(`FAILED: ${file.name} could not be loaded`)
    }
    for (const test of file.assertionResults) {
      if (test.status === 'failed') console.log(`FAILED: ${test.fullName}`)
      else if (test.status !== 'passed') console.log(`NOT RUN: ${test.fullName}`)
    }
  }
}
for (const line of lines('not-run')) console.log(line)
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0
