/** `cellscope resume RUN`: goes on from the last checkpoint, exactly where it stood. */
import { findRun } from '../../host/findRun.js'
import { prepareResume } from '../../host/resumeRun.js'
import { withWorkspace } from '../../host/withWorkspace.js'
import type { CommandContext } from '../commandContext.js'
import { followRun } from '../followRun.js'
import { givenSettings } from '../settingsOptions.js'

export async function resumeCommand(context: CommandContext, name: string): Promise<number> {
  const { options, view, workspace } = context
  const found = findRun(workspace, name)
  return withWorkspace(workspace, async () => {
    prepareResume(found, givenSettings(options))
    view.tell('resumed', { run: found.manifest.name, folder: found.path }, `Run ${found.manifest.name} in ${found.path} goes on.\n`)
    return followRun(context, found, options.acceptInexact === true)
  })
}
