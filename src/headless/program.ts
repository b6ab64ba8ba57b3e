/** The command line as a table: each command with its arguments, its flags and the function that does it. */
import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { exportFormats } from '../shared/jobInputs.js'
import { presetNames, presets } from '../shared/presets.js'
import { version } from '../shared/version.js'
import { commandContext, textOption, type CommandContext, type CommandOptions } from './commandContext.js'
import { digestCommand } from './commands/digestCommand.js'
import { doctorCommand } from './commands/doctorCommand.js'
import { inspectCommand } from './commands/inspectCommand.js'
import {
  deriveCommand,
  evaluateCommand,
  exportCommand,
  latencyMeasureCommand,
  latencyTimeCommand,
  reportCommand,
  scanCommand
} from './commands/jobCommands.js'
import { operatorsCommand } from './commands/operatorsCommand.js'
import { resumeCommand } from './commands/resumeCommand.js'
import { runCommand } from './commands/runCommand.js'
import { runsCommand } from './commands/runsCommand.js'
import { serveCommand } from './commands/serveCommand.js'
import { settingsCommand } from './commands/settingsCommand.js'
import { addSettingOptions } from './settingsOptions.js'
import type { Headless } from './terminal.js'

const exitCodes = `
Exit codes:
  0 done; 1 something you can put right; 2 the command line was not understood; 3 disk, memory or a process failed (resume the run);
  4 an error of ours; 130 stopped by Ctrl-C after a checkpoint; 143 stopped by SIGTERM after a checkpoint`

/** Builds the program; `done` gets the exit code of the command that ran. */
export function buildProgram(headless: Headless, done: (code: number) => void): Command {
  const program = new Command('cellscope')
    .description('Searches a real-time segmentation network on your images, trains it, and writes it to a file.')
    .version(version)
    .helpCommand(false)
    .addHelpText(
      'after',
      `\nEvery setting is a flag of run, search, train and resume: see \`cellscope run --help\`, or \`cellscope settings\`.\n${exitCodes}`
    )

  /** Adds a command; its action gets the context and the first argument. */
  function add(
    usage: string,
    description: string,
    action: (context: CommandContext, argument: string) => number | Promise<number>
  ): Command {
    const command = program.command(usage).description(description)
    return withCommon(command, headless, done, action)
  }

  for (const job of ['run', 'search'] as const) {
    const about =
      job === 'run' ? 'searches, derives, trains, scores, exports and reports' : 'searches and derives, without training what it found'
    addRunOptions(add(job, `Starts a new run: ${about}.`, (context) => runCommand(context, { job })))
  }
  addRunOptions(
    add('train <architecture>', 'Trains a given architecture.json, scores and exports it.', (context, architecture) =>
      runCommand(context, { job: 'train', architecture })
    ).option('--teacher <file>', 'architecture.json of a teacher, for distillation')
  )
  addSettingOptions(
    add('resume <run>', 'Goes on with a run that was stopped or interrupted, from its last checkpoint.', resumeCommand).option(
      '--accept-inexact',
      'go on although the engine differs from the one that began the run; the curve is marked'
    )
  )
  addDemo(add)
  addJobs(add)
  addLatency(program, headless, done)
  addReaders(add)
  addServe(add)
  add('doctor', 'Says what this machine has and lacks.', () => doctorCommand(headless.doctorScript))
  return program
}

type Add = (usage: string, description: string, action: (context: CommandContext, argument: string) => number | Promise<number>) => Command

function addDemo(add: Add): void {
  add('demo', 'Searches and trains on the built-in street scenes, in minutes, and says whether it was worth it.', (context) =>
    runCommand({ ...context, workspace: resolve(textOption(context.options, 'workspace') ?? 'demo') }, { job: 'run', preset: 'quick' })
  )
    .option('--name <name>', 'name of the run')
    .option('--dry-run', 'only say what would be done')
}

function addServe(add: Add): void {
  add('serve', 'Serves the workbench to a browser on this machine.', serveCommand)
    .option('--port <n>', 'port on 127.0.0.1 (default: a free one)')
    .option('--data <folder...>', 'folders with images that the pages may name; built-in streets always')
    .option('--host <name>', 'anything but 127.0.0.1 is refused; says how to come through an SSH tunnel')
    .option('--host-name <name...>', 'further names under which a browser reaches it, for example through a proxy')
    .option('--no-open', 'do not open a browser, only print the address')
}

function addJobs(add: Add): void {
  const network = '--network <name>'
  const which = 'teacher, student, plain or handmade (default: student)'
  add('derive [run]', 'Derives architecture.json from a search, or shows what a file of raw arrays decodes to.', deriveCommand)
    .option('--variant <name>', 'decoupled or joint, where the run searched twice')
    .option('--step <n>', 'step of the search (default: the last)')
    .option(network, 'teacher or student (default: student)')
    .option('--out <file>', 'where it is written (default: architecture.json for a run; with --from only where given)')
    .option('--from <file>', "instead of a run: the authors' arch_*.pt, or JSON of the raw arrays")
    .option('--rules <name>', 'with --from: published or ours (default: ours)')
    .option('--pair <scales>', 'with --from: final scales of one to three branches (default: 32,16)')
    .option('--table <file>', "with --from: latency table, ours or the authors' latency_lookup_table.npy or its JSON")
    .option('--size <HxW>', 'with --from: size of the image (default: 1024x2048)')
  addSettingOptions(
    add('evaluate <model>', 'Scores a trained network: a run, or an exported folder.', evaluateCommand)
      .option(network, which)
      .option('--split <name>', 'train or val (default: val)')
      .option('--data <path>', 'the images; the same as --data.source')
      .option('--out <folder>', 'where metrics.json and overlays are written'),
    ['data']
  )
  add('export <model>', 'Writes a network as ONNX, tfjs graph model, safetensors, or a folder with all of it.', exportCommand)
    .option(network, which)
    .option('--init <weights>', 'trained, or random for an untrained network (default: trained)')
    .option('--seed <n>', 'seed of random weights (default: 1)')
    .option('--format <format>', `one of ${exportFormats.join(', ')} (default: onnx)`)
    .option('--size <HxW>', 'size of its input (default: the target size of the run, or 256x512)')
    .option('--out <file>', 'where it is written')
  add('report <run>', 'Writes the report of a run as one HTML file.', reportCommand).option(
    '--out <file>',
    'where it is written (default: outputs/report.html of the run)'
  )
  addSettingOptions(
    add('scan', 'Reads every file of a dataset and lists what is wrong with it.', scanCommand).option(
      '--data <path>',
      'the images; the same as --data.source'
    ),
    ['', 'data']
  )
}

function addLatency(program: Command, headless: Headless, done: (code: number) => void): void {
  const latency = program.command('latency').description('Measures latencies on this machine.')
  const preset = new Option('--preset <name>', 'where the settings start').choices(presetNames)
  addSettingOptions(
    withCommon(
      latency.command('measure').description('Measures the latency table of a search space.'),
      headless,
      done,
      latencyMeasureCommand
    )
      .addOption(preset)
      .option('--classes <n>', 'classes of the heads (default: 19)')
      .option('--out <file>', 'where it is written (default: latency.json)'),
    ['space', 'latency']
  )
  addSettingOptions(
    withCommon(
      latency.command('time <architecture>').description('Times one network, beside what a table predicts.'),
      headless,
      done,
      latencyTimeCommand
    )
      .addOption(preset)
      .option('--table <file>', 'the table that predicts'),
    ['latency']
  )
  withCommon(
    latency.command('operators').description('Times convolutions beside each other: standard, zoomed, in groups, dilated, separable.'),
    headless,
    done,
    operatorsCommand
  )
    .option('--size <HxW>', 'size of the map (default: 32x64)')
    .option('--channels <n>', 'channels in and out, an even number (default: 256)')
    .option('--threads <n>', 'threads of ONNX Runtime (default: 1)')
    .option('--rounds <n>', 'how often each is timed, in turn with the others (default: 50)')
}

function addReaders(add: Add): void {
  add('inspect <file>', 'Prints layers, parameters and multiply-adds of an architecture.json.', inspectCommand).option(
    '--size <HxW>',
    'size of the image (default: 1024x2048)'
  )
  add('digest <run>', "Prints the hash of a run's result; equal for a run that was interrupted and one that was not.", digestCommand)
  add('runs', 'Lists the runs of the workspace.', runsCommand)
  add('settings', 'Prints every setting with its default, range and meaning.', settingsCommand).option(
    '--markdown',
    'as markdown, which is also the default'
  )
}

function addRunOptions(command: Command): Command {
  const list = presetNames.map((name) => `${name}: ${presets[name].about}`).join(' ')
  command
    .option('--preset <name>', `where the settings start. ${list}`)
    .option('--config <file>', 'JSON file with settings, over the preset and under the flags')
    .option('--data <path>', 'folder with images, or streets; the same as --data.source')
    .option('--name <name>', 'name of the run (default: the first free of run, run-2, ...)')
    .option('--dry-run', 'only say what would be done, in how many minutes and how much memory')
  return addSettingOptions(command)
}

function withCommon(
  command: Command,
  headless: Headless,
  done: (code: number) => void,
  action: (context: CommandContext, argument: string) => number | Promise<number>
): Command {
  return command
    .option('--workspace <folder>', 'folder with the runs (default: $CELLSCOPE_WORKSPACE, or cellscope-workspace here)')
    .option('--json', 'one JSON object a line on standard output, for machines')
    .action(async (...given: unknown[]) => {
      // commander gives the arguments, then the options, then the command.
      const options = given[given.length - 2] as CommandOptions
      const argument = typeof given[0] === 'string' ? given[0] : ''
      done(await action(commandContext(headless, options), argument))
    })
}
