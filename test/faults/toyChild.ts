/** The toy as a process of its own: `node child.mjs careful|naive FOLDER STEPS CHECKPOINT_STEPS SIZE`. Writes a dot a step. */
import fs from 'node:fs'
import { naiveRun } from './naiveRun.js'
import { toyRun } from './toyRun.js'

const [kind, folder, ...numbers] = process.argv.slice(2)
const [steps, checkpointSteps, size] = numbers.map(Number)
/** Written at once, not when the loop comes around: the loop never does. */
const onStep = (): void => void fs.writeSync(1, '.')

if (kind === 'naive') naiveRun(folder, { steps, checkpointSteps, size, onStep })
else toyRun(folder, { steps, checkpointSteps, size, onStep })
