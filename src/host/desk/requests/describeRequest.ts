/** Who answers, and what this shell can do. */
import { version } from '../../../shared/version.js'
import type { RequestHandlers } from '../requestHandler.js'

export const describeRequest: Pick<RequestHandlers, 'describe'> = {
  describe: ({ options, workspace, command }) => ({
    version,
    shell: options.shell,
    workspace,
    datasets: options.shell === 'browser' ? [...(options.datasets ?? [])] : [],
    command
  })
}
