import type { Operator } from '../../shared/architecture.js'
import type { DerivationNote } from '../../shared/architecture.js'
import type { PictureKind } from '../../shared/report.js'

const operator: Record<Operator, string> = {
  skip: 'skip',
  conv: 'conv',
  conv_downup: 'zoomed conv',
  conv_2x: 'conv ×2',
  conv_2x_downup: 'zoomed conv ×2'
}

const reason: Record<DerivationNote['reason'], string> = {
  'skip-is-identity': 'a skip at stride 1 changes nothing, so the cell is left out',
  'skip-forbidden': 'a skip is not allowed here',
  'skip-at-downsampling': 'a skip cannot halve the map',
  'minimum-length': 'the branch would become too short',
  'stretch-kept': 'all cells between two halvings would have gone'
}

const picture: Record<PictureKind, string> = { image: 'image', truth: 'truth', teacher: 'teacher', student: 'student', error: 'errors' }

/** Names of the networks of a run; others are shown as they are called. */
const network: Record<string, string> = {
  teacher: 'teacher',
  student: 'student',
  plain: 'student without distillation',
  handmade: 'hand-made network',
  supernet: 'supernet'
}

const stage: Record<string, string> = {
  'latency': 'latency',
  'pretrain': 'pretraining',
  'search': 'search',
  'derive': 'derivation',
  'train-teacher': 'teacher',
  'train-student': 'student',
  'train-plain': 'student without distillation',
  'train-handmade': 'hand-made network',
  'evaluate': 'evaluation',
  'export': 'export',
  'report': 'report'
}

const variant: Record<string, string> = { decoupled: 'decoupled', joint: 'joint' }

export const en = {
  language: 'Language',
  languages: { en: 'English', zh: '简体中文' },
  report: 'Report of a run',
  sections: {
    results: 'Results', curves: 'Search', training: 'Training', lattice: 'Lattice', networks: 'Networks', predictions: 'Predictions', record: 'Record'
  },
  names: { operator, reason, picture, network, stage, variant },
  step: 'step',
  epoch: 'epoch',
  unfinished: 'This run has not finished; the report shows what there is so far.',
  inexact: 'This run went on under another fingerprint at some time; its bits cannot be had again exactly.',
  thinned: (kind: string, kept: number, of: number) => `${kind}: ${kept} of ${of}`,
  thinnedIntro: 'Long series are thinned for this page; the journal has every step. Shown are',
  charts: {
    loss: 'Loss', lossHelp: 'OHEM cross entropy, summed over the passes of a step. Pale: every step; strong: running mean.',
    supernet: 'mIoU in the supernet', supernetHelp: 'On selection images, with shared weights. It is no ranking of the networks that are trained later.',
    branches: 'mIoU of the student’s predictions', branchesHelp: 'In the supernet, on selection images: each final scale alone, and two joined (dashed).',
    latency: 'Latency by the table', latencyHelp: 'Expected latency of teacher and student, and latency of the network that would be derived at that step.',
    entropy: 'Entropy', entropyHelp: 'Mean entropy of the rows, as a share of its maximum: 100% is undecided.',
    collapse: 'Collapse', collapseHelp: 'Share of cells whose likeliest operator is skip, and share of maps whose likeliest width is the narrowest.',
    lambda: 'Lambda', lambdaHelp: 'Weight of the latency term. After an epoch the latency controller doubles or halves it, until the network that would be derived is near the target.', terms: 'Latency terms', termsHelp: 'The three decoupled terms before their weights, in published units.',
    training: 'Loss in training', selection: 'mIoU on selection images', learningRate: 'Learning rate',
    teacher: 'teacher', student: 'student', derived: 'derived', alpha: 'alpha', beta: 'beta', gamma: 'gamma',
    skip: 'skip', narrow: 'narrowest', target: 'target', operators: 'operators', scales: 'scales', widths: 'widths', joint: 'joint', total: 'loss',
    prediction: (name: string) => `1/${name.split('+').join(' + 1/')}`,
    none: 'Nothing was recorded.'
  },
  plane: {
    title: 'Accuracy against latency',
    x: 'latency', y: 'mIoU',
    explanation: 'Filled marks: trained networks, on the validation images, at measured latency (by the table where none was measured). Dashed: the way of each search, mIoU of the student in the supernet, at the latency of what would be derived; dots grow with time.',
    search: (name: string) => `search, ${name}`
  },
  table: {
    network: 'Network', meanIoU: 'mIoU', pixelAccuracy: 'Pixels right', boundaryIoU: 'Boundary IoU', smallObjectIoU: 'Small objects',
    parameters: 'Parameters', multiplyAdds: 'Multiply-adds', predictedMs: 'Predicted', measuredMs: 'Measured', difference: 'Difference',
    deviation: (ms: string, count: number) => `± ${ms}, ${count} times`,
    step: 'Best step', absent: 'does not occur in these images',
    perClass: 'IoU of each class', class: 'Class',
    split: { val: 'validation images', selection: 'selection images' },
    candidates: (round: number, steps: string) => `Candidates, round ${round}: each trained for ${steps} steps`, candidate: 'Candidate', likeliest: 'likeliest', drawn: (n: number) => `drawn ${n}`, plain: (n: number) => `plain ${n}`,
    pairs: 'Branches that were compared', pair: 'Final scales', objective: 'Objective', chosen: 'chosen', latency: 'Latency',
    exports: 'Exported files', format: 'Format', path: 'File', largestDifference: 'Largest difference', agreement: 'Same class',
    summary: 'Summary',
    beats: (student: string, handmade: string) => `The found network beats the hand-made one of the same latency: mIoU ${student} against ${handmade}.`,
    doesNotBeat: (student: string, handmade: string) => `The found network does not beat the hand-made one of the same latency: mIoU ${student} against ${handmade}.`
  },
  lattice: {
    explanation: 'Layers from left to right, scales from top to bottom. In a cell: the operators by alpha, below them the width of the entering map by gamma. Ribbons are as thick as beta. Lit is the path that would be derived now.',
    network: 'Network', variant: 'Search', moment: 'Moment', play: 'Play', pause: 'Pause',
    of: (position: number, count: number) => `${position} of ${count}`,
    layer: 'layer', scale: 'scale', stem: 'stem', cellName: (layer: number, scale: number) => `Layer ${layer}, scale 1/${scale}`,
    alphaRow: 'operators', betaRow: 'comes from', gammaRow: 'width of the entering map',
    finer: 'the finer scale', same: 'the same scale', fixedWidth: 'fixed: it comes from the stem', widest: 'always the widest',
    onPath: (scale: number) => `on the path to 1/${scale}`, offPath: 'not on a path',
    dropped: 'dropped', replaced: (from: string, to: string) => `${from} replaced by ${to}`,
    hint: 'Point at a cell, or reach it with the Tab key, to read its numbers.',
    width: (twelfths: number) => `${twelfths}/12`,
    costRow: 'expected time', costKeep: (ms: string) => `${ms} at stride 1`, costDown: (ms: string) => `${ms} where it halves`,
    following: 'follows the search'
  },
  networks: {
    explanation: 'From the image to the heads. Shared cells stand first, then every branch for itself. The bar in a cell is its width.',
    stem: 'stem', head: 'head', shared: 'shared', branch: (scale: number) => `branch to 1/${scale}`,
    channels: (count: number) => `${count} ch`, layer: (layer: number) => `layer ${layer}`,
    halves: (from: number, to: number) => `1/${from} → 1/${to}`, keeps: (scale: number) => `1/${scale}`,
    facts: (parameters: string, multiplyAdds: string, latency: string) => `${parameters} parameters, ${multiplyAdds} multiply-adds, ${latency} by the table`,
    measured: (latency: string) => `${latency} measured`,
    notTrained: 'derived for comparison, not trained',
    milliseconds: (stem: string, cells: string, rest: string, call: string, total: string) =>
      `By the table: stem ${stem}, cells ${cells}, joining and head ${rest}, one call ${call}; together ${total}.`,
    notes: 'What derivation changed'
  },
  predictions: {
    explanation: 'Ignored pixels are black. In the error pictures the image is grey, and wrong pixels are coloured by who is wrong.',
    studentOnly: 'student wrong', both: 'both wrong', teacherOnly: 'teacher wrong', ignored: 'ignored', classes: 'Classes', errors: 'Errors',
    leftOut: (count: number) => `${count} more pictures lie in the run's folder; they did not fit into this page.`,
    enlarge: (name: string) => `Enlarge ${name}`, close: 'Close', previous: 'Previous', next: 'Next'
  },
  record: {
    space: 'Search space', spaceHelp: 'Paths through the lattice for the branches that are compared, choices of operators and widths in all cells, and the product of both.',
    spaceSize: (paths: string, choices: string, networks: string) => `${paths} paths × ${choices} choices: ${networks} networks`,
    command: 'Command', created: 'Started', fingerprint: 'What the bits depend on', dataset: 'Dataset digest', table: 'Latency table',
    settings: 'Settings', changedOnly: 'only those that are not the default', setting: 'Setting', value: 'Value',
    refused: 'Steps that were refused', notes: 'Notes', unknown: 'not recorded',
    fields: { cellscope: 'Cellscope', tensorflow: 'TensorFlow', threads: 'Engine threads', oneDnn: 'oneDNN', cpu: 'Processor', device: 'Device' } as Record<string, string>,
    tableFacts: (cpu: string, runtime: string, threads: number, warmup: number, repeats: number) =>
      `${cpu}, ${runtime}, ${threads} thread(s), ${warmup} warm-up and ${repeats} timed runs`,
    target: (height: number, width: number, ms: string) => `${height} × ${width} px, ${ms}`, targetName: 'Target'
  }
}

export type Texts = typeof en
