/** Words of the workbench's shell and of its pages Start, Data, New run and Runs. The pages of one run have words of their own. */
import type { Operator } from '../../../shared/architecture.js'
import type { ErrorCode } from '../../../shared/errors.js'
import type { LiveState, RunSummary } from '../../../shared/clientProtocol.js'
import type { ComparedOperator } from '../../../shared/operatorComparison.js'
import type { PresetName } from '../../../shared/presets.js'
import type { Theme } from '../../chosenTheme.js'

const progress: Record<RunSummary['progress'], string> = { new: 'not started', unfinished: 'stands still', finished: 'finished', unreadable: 'unreadable' }
const live: Record<LiveState, string> = { starting: 'starting', running: 'running', pausing: 'pausing', paused: 'paused', stopping: 'stopping' }
/** Those of the search space are named in the texts of both pages. */
const comparedOnly: Record<Exclude<ComparedOperator, Operator>, string> = {
  conv_group2: 'conv, 2 groups', conv_dilated2: 'conv, dilation 2', conv_separable: 'depthwise separable'
}
const theme: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' }
/** Empty: the preset's own sentence is English already. */
const presetAbout: Partial<Record<PresetName, string>> = {}
/** Empty: the catalogue's own hints are English already. */
const hint: Partial<Record<ErrorCode, string>> = {}

export const en = {
  pages: {
    start: 'Start', data: 'Data', new: 'New run', runs: 'Runs', operators: 'Operators',
    search: 'Search', lattice: 'Lattice', networks: 'Networks', predictions: 'Predictions', export: 'Export'
  },
  progress,
  live,
  jobs: { run: 'whole run', search: 'search only', train: 'training' } as Record<string, string>,
  presetAbout,
  hint,
  shell: {
    skip: 'Skip to the page',
    navigation: 'Pages',
    selectedRun: 'Run',
    noRun: 'No run yet',
    theme: 'Appearance', themes: theme,
    status: 'The run that is going on',
    idle: 'No run is going on.',
    step: (step: string, steps: string) => `step ${step} of ${steps}`,
    left: (duration: string) => `${duration} left`,
    memory: (size: string) => `${size} of memory`,
    more: (count: number) => `and ${count} more`,
    pause: 'Pause', continue: 'Continue', stop: 'Stop', stopHelp: 'Writes a checkpoint, then stops. It can be resumed.',
    connecting: 'Connecting to the program …',
    lost: 'The connection to the program is lost. Runs go on by themselves; this page tries to connect again.',
    lostServer: 'If the server was started anew, open the address that it printed.',
    messages: 'Messages', dismiss: 'Dismiss',
    finishedRun: (run: string) => `${run} is finished.`,
    stoppedRun: (run: string) => `${run} has stopped; it can be resumed.`,
    incident: { death: 'The engine ended unexpectedly.', stall: 'The engine fell silent.', failure: 'The engine failed.', message: 'The engine sent something unreadable.' },
    goesOn: (step: string, restarts: number) => `Nothing that was recorded is lost; it goes on from step ${step} (restart ${restarts}).`,
    drop: 'Drop the folder to look at its images',
    dropInBrowser: 'A browser does not tell where a dropped folder lies. Choose one of the folders that the server may read, on the page Data.',
    dropNothing: 'What was dropped has no place on this computer. Drop a folder from the file manager.',
    pageDied: (reason: string) => `This page had died (${reason}) and was opened anew. Runs went on all the time; nothing is lost.`,
    pageFailed: 'This page could not be drawn.'
  },
  error: {
    kinds: { user: 'Not possible', fault: 'Something went wrong', bug: 'A fault in Cellscope' },
    copy: 'Copy diagnostics', copied: 'Copied', retry: 'Try again', close: 'Close'
  },
  start: {
    intro: 'Search a real-time segmentation network on your own images, for your own device, and watch the search as it happens.',
    streets: 'Try it on built-in streets',
    streetsHelp: 'Procedural street scenes, made on this machine; nothing is downloaded.',
    go: (preset: string) => `Start “${preset}”`,
    forecast: (minutes: string, memory: string) => `about ${minutes}, ${memory} of memory`,
    forecasting: 'working out how long it takes …',
    own: 'Your own images',
    ownHelp: 'A folder of images with masks: Cityscapes, CamVid, Pascal VOC, or images beside class ids.',
    open: 'Open a folder …',
    drop: 'Or drop a folder anywhere on this window.',
    allowed: 'Folders that this server may read',
    noneAllowed: 'This server was started without a folder of images. Start it with',
    recent: 'Recent runs',
    none: 'There is no run yet. Start one on built-in streets, or open a folder.',
    all: (count: number) => `All ${count} runs`,
    workspace: 'Runs are kept in'
  },
  runs: {
    none: 'There is no run yet.',
    nothingFound: 'No run has this in its name or state.',
    start: 'Start a run',
    name: 'Name', state: 'State', job: 'Job', stage: 'Stage', created: 'Started', studentMeanIoU: 'Student mIoU', teacherMeanIoU: 'Teacher mIoU',
    latency: 'Latency', measured: 'measured', predicted: 'by the table',
    open: 'Open', resume: 'Resume', resumed: 'Resuming …',
    filter: 'Filter by name or state',
    choose: (name: string) => `Compare ${name}`,
    compare: 'Compare', compareHelp: 'Choose two runs to compare them.', chosen: (count: number) => `${count} of 2 chosen`,
    count: (shown: number, all: number) => (shown === all ? `${all} runs` : `${shown} of ${all} runs`),
    table: 'Runs'
  },
  compare: {
    title: (first: string, second: string) => `${first} and ${second}`,
    results: 'Results', settings: 'Settings that differ', same: 'All settings are the same.',
    equal: (count: number) => `${count} settings are the same.`,
    curves: 'mIoU on selection images', curvesHelp: 'Of every network that a run trains, as the training goes on. Solid: the first run; dashed: the second.',
    noCurves: 'Neither run has trained a network yet.',
    supernet: 'mIoU of the student in the supernet', result: 'Result', setting: 'Setting', back: 'Back to the list', loading: 'Reading both runs …',
    measuredLatency: 'Latency, measured', predictedLatency: 'Latency, by the table'
  },
  data: {
    source: 'Where the images come from',
    streets: 'Built-in streets', folder: 'A folder',
    weather: 'Weather', weathers: { clear: 'clear', fog: 'fog', rain: 'rain', dusk: 'dusk', mixed: 'mixed' } as Record<string, string>,
    path: 'Folder', choose: 'Choose …', layout: 'Layout',
    layouts: { streets: 'built-in streets', auto: 'recognise it', camvid: 'CamVid', cityscapes: 'Cityscapes', voc: 'Pascal VOC', folder: 'images beside masks' } as Record<string, string>,
    look: 'Look at it', cancel: 'Cancel', use: 'Use this data',
    useHelp: 'Leads to the new run; nothing is started yet.',
    noFolder: 'Choose a folder first.', stale: 'The choice has changed since: look at it again.',
    drawing: 'Reading the first images', scanning: 'Reading every file',
    progress: (done: string, total: string) => `${done} of ${total}`,
    samples: 'Samples', truth: 'Masks', truthOpacity: 'Opacity of the masks',
    augmented: 'As training sees it', plain: 'As it is', augmentedHelp: 'After one random draw of scaling, cropping, mirroring and colour.',
    size: (height: number, width: number) => `${height} × ${width} px`,
    classes: 'Classes', class: 'Class', pixelShare: 'Share of pixels', images: 'Images', weight: 'Suggested weight',
    weightHelp: '1 / log(1.02 + frequency) (ENet); used where class weights are balanced.',
    train: 'training', val: 'validation', ofTraining: 'in training', absent: 'does not occur in the training images',
    found: (layout: string, train: string, val: string, classes: string) => `${layout}: ${train} images to train on, ${val} to judge on, ${classes} classes.`,
    sizes: 'Sizes of the images', height: 'Height', width: 'Width', count: 'Images',
    moreSizes: (count: number) => `and ${count} more sizes`,
    problems: (count: number) => `${count} ${count === 1 ? 'problem' : 'problems'}`,
    noProblems: 'No file has a problem.',
    problemsHelp: 'A run leaves no file out by itself: correct these, or take them out of the folder.',
    file: 'File', message: 'What is wrong',
    notes: 'Notes',
    empty: 'Nothing was looked at yet. Choose where the images come from, then look at them.'
  },
  operators: {
    intro: 'Which operators a search chooses from was itself chosen by measuring: convolutions of one map beside each other, by latency and by what they see. Repeat it on this machine.',
    names: comparedOnly,
    size: 'Map, height × width', channels: 'Channels', threads: 'Threads',
    measure: 'Measure this machine', measuring: 'Measuring in turn',
    disturbed: 'A run is going on and slows the measurement down. The order may still hold; the milliseconds do not.',
    empty: 'Nothing was measured yet. It takes less than a minute.',
    table: 'Operators beside each other', operator: 'Operator', latency: 'Latency', deviation: 'Deviation', relative: 'Of conv',
    spread: (ms: string, count: number) => `± ${ms}, ${count} times`,
    field: 'Receptive field', fieldHelp: 'Rows × columns of the input that one pixel of the output depends on, at its largest.',
    searched: 'In the search space',
    map: (channels: number, height: number, width: number) => `1 × ${channels} × ${height} × ${width}`,
    rounds: (count: number) => `${count} rounds`, threadCount: (count: number) => (count === 1 ? '1 thread' : `${count} threads`),
    chart: 'Latency against multiply-adds',
    chartHelp: 'Blue: in the search space; orange: compared only. On the dashed line an operator does as many multiply-adds a millisecond as the standard convolution; above it, it is slower than its multiply-adds say.',
    how: (rounds: string) => `Each operator was timed ${rounds} times, in turn with the others, behind a 1x1 convolution whose own time is taken off. Shown are medians; outliers are left out.`
  },
  form: {
    preset: 'Preset', name: 'Name', nameHelp: 'Empty takes the first free name.', nameWrong: 'At most 80 letters, digits, spaces, dots, dashes and underscores.',
    job: 'What to do', jobs: { run: 'everything, from latency table to report', search: 'only search and derive' },
    device: 'Device and budget', deviceHelp: 'What the network is for: it is searched for this size and this latency.',
    data: 'Data', changeData: 'Choose other data',
    stages: 'All settings', search: 'Search the settings', searchCount: (found: number, all: number) => (found === all ? `${all} settings` : `${found} of ${all} settings`),
    nothingFound: 'No setting has this in its name or help.',
    groups: {
      '': 'The run', 'data': 'Data', 'space': 'Search space', 'latency': 'Latency', 'pretrain': 'Pretraining the supernet', 'search': 'Search',
      'train': 'Training the derived networks', 'run': 'Running'
    } as Record<string, string>,
    changed: (count: number) => `${count} changed`, wrong: (count: number) => `${count} to correct`,
    resetShort: (value: string) => `back to ${value}`, resetAll: 'Undo all changes',
    expected: (range: string) => `Expected: ${range}.`,
    empty: 'empty', yes: 'yes', no: 'no', all: 'all',
    range: {
      integer: 'a whole number', number: 'a number', atLeast: (value: number) => `at least ${value}`, between: (least: number, most: number) => `${least} to ${most}`,
      above: (value: number) => `more than ${value}`, aboveTo: (value: number, most: number) => `more than ${value}, at most ${most}`, atMost: (value: number) => `at most ${value}`,
      multiple: (value: number) => `a multiple of ${value}`, items: (least: number, most: number) => (least === most ? `${most} values` : `${least} to ${most} values`),
      each: (range: string) => `each ${range}`, characters: (most: number) => `text of at most ${most} characters`, oneOf: (values: string) => `one of ${values}`,
      yesNo: 'yes or no', text: 'text', separate: 'separated by commas'
    },
    otherStages: { dataset: 'dataset' } as Record<string, string>,
    forecast: 'Forecast', stage: 'Stage', minutes: 'Time', steps: 'Steps', total: 'Together', memory: 'Memory', basis: (what: string) => `Basis: ${what}.`,
    bases: { measured: 'the pace of earlier runs here', assumed: 'the pace of a machine with two idle cores; nothing was measured here yet' },
    forecasting: 'Working it out …', correctFirst: 'Correct the marked settings first.',
    command: 'Copy as command', copied: 'Copied', start: 'Start the run', starting: 'Starting …',
    budget: (milliseconds: string, perSecond: string) => `${milliseconds} are ${perSecond} images a second.`
  },
  units: { ofMinute: 'less than a minute' }
}

export type WorkbenchTexts = typeof en
