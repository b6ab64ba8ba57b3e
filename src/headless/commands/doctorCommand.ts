/** `cellscope doctor`: what this machine has and lacks; the script of the set-up says it. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { AppError } from '../../shared/errors.js'

/** @param script path of scripts/doctor.mjs */
export function doctorCommand(script: string): number {
  if (!existsSync(script)) {
    throw new AppError('file.not-found', `${script} does not exist, so this is not a checkout of Cellscope.`, {
      hint: 'Run `npm run doctor` in its folder.'
    })
  }
  return spawnSync(process.execPath, [script], { stdio: 'inherit' }).status ?? 1
}
