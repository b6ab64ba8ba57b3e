/** `cellscope inspect FILE`: layers, parameters and multiply-adds of an architecture; needs no TensorFlow. */
import { inspectArchitecture, readArchitecture, type Inspection } from '../../host/inspectArchitecture.js'
import { textOption, type CommandContext } from '../commandContext.js'
import { millions } from '../describeEvent.js'
import { exitCode } from '../exitCode.js'
import { readSize } from '../size.js'
import { tableText } from '../table.js'

export function inspectCommand({ options, headless, view }: CommandContext, file: string): number {
  const inspection = inspectArchitecture(readArchitecture(file), readSize(textOption(options, 'size') ?? '1024x2048'))
  // The whole answer is one JSON object, not lines of progress: this is what other programs read.
  if (options.json === true) headless.terminal.out(`${JSON.stringify(inspection)}\n`)
  else view.result(inspection, inspectionText(inspection))
  return exitCode.ok
}

function inspectionText({ name, classes, height, width, parameters, multiplyAdds, branches, sharedLayers, layers }: Inspection): string {
  const rows = layers.map((layer) => [
    layer.name,
    layer.kernel === undefined ? layer.kind : `${layer.kind} ${layer.kernel}x${layer.kernel}${layer.stride === 2 ? ' /2' : ''}`,
    layer.output.join('x'),
    String(layer.parameters),
    millions(layer.multiplyAdds)
  ])
  const lengths = branches.map(({ finalScale, cells }) => `1/${finalScale} with ${cells} cells`).join(', ')
  return [
    tableText(['layer', 'kind', 'output', 'parameters', 'multiply-adds'], rows),
    '',
    `${name}: ${classes} classes, branches to ${lengths}; the first ${sharedLayers} cells are shared.`,
    `${millions(parameters)} parameters (${parameters}); ${millions(multiplyAdds)} multiply-adds (${multiplyAdds}) at ${height}x${width}.`
  ].join('\n')
}
