/** Words of the pages of one run: Search, Lattice, Networks, Predictions and Export. */
import type { Stage } from '../../../shared/events.js'

/** What a page waits for, by the stage that brings it. */
const comesWith: Partial<Record<Stage, string>> = {
  'search': 'It comes with the first steps of the stage “search”.',
  'derive': 'They come with the stage “derivation”, after the search.',
  'evaluate': 'They come with the stage “evaluation”, after the last training.'
}

export const en = {
  reading: 'Reading the run …',
  missing: {
    lattice: 'No architecture is recorded yet.',
    networks: 'No network is derived yet.',
    predictions: 'There are no pictures of predictions yet.',
    exports: 'No network is trained yet, so there is nothing to export.',
    comesWith,
    notPlanned: 'This run will not have it: its task is another one.',
    now: (stage: string) => `The run is at the stage “${stage}” now.`,
    standsStill: 'The run stands still. It can be resumed on the page Search.',
    over: 'The run is finished without it.'
  },
  search: {
    state: 'State',
    over: { finished: 'finished', stopped: 'stopped', failed: 'failed' },
    progress: { new: 'not started', unfinished: 'stands still', finished: 'finished' },
    stages: 'Stages', done: 'done', now: 'now', ahead: 'ahead',
    steps: (count: string) => `${count} steps`,
    step: 'Step', stepOf: (step: string, steps: string) => `${step} of ${steps}`,
    remaining: 'Left of the whole run', unknown: 'not known yet',
    stepTime: 'A step takes', seconds: (value: string) => `${value} s`,
    waited: 'of it waiting for data', memory: 'Memory', elapsed: 'At work for',
    pause: 'Pause', continue: 'Continue', stop: 'Stop', resume: 'Resume', copy: 'Copy as command',
    stopHelp: 'Writes a checkpoint, then stops. It can be resumed.',
    resumeHelp: 'Goes on from the last checkpoint.',
    curves: 'The search', training: 'Training', plane: 'Accuracy against latency',
    notYet: 'No step is recorded yet. The curves begin with the first one.',
    events: 'What happened',
    incident: {
      death: 'The engine ended by itself.', stall: 'The engine has said nothing for a while, perhaps because the machine is busy. It goes on, or is started again after ten minutes of silence; nothing is lost.',
      failure: 'The engine reported an error.', message: 'The engine sent something that could not be read.'
    },
    lostNothing: (step: string) => `Nothing is lost: what came after the last checkpoint (step ${step} of the whole run) is done again, with the same result.`,
    lostStart: 'Nothing is lost but the work since the start: there was no checkpoint yet, so the stage is done again.',
    goesOn: 'The run goes on by itself.', times: (count: number) => `${count} times so far.`,
    failedIntro: 'The run stands still. Its journal and its last checkpoint are intact.'
  },
  collapse: {
    title: 'Collapse',
    meters: 'How decided the search is',
    search: 'Search', step: 'Step', skip: 'Likeliest operator is skip', narrow: 'Likeliest width is the narrowest',
    alpha: 'Entropy of alpha', beta: 'Entropy of beta', gamma: 'Entropy of gamma', gap: 'Derived minus expected latency',
    skipAlarm: (search: string, share: string) =>
      `${search}: in ${share} of the cells the likeliest operator is skip. The search prefers having no layer at all, because that is cheapest.`,
    narrowAlarm: (search: string, share: string) =>
      `${search}: in ${share} of the maps the likeliest width is the narrowest. The search prefers the smallest maps, because they are cheapest.`,
    both: 'This is architecture collapse (FasterSeg, section 3.3): the latency term outweighs accuracy. Use the decoupled latency term, or a smaller search.lambda, or a larger search.targetLatencyMs in a new run.',
    weak: 'Skip or the narrowest width is the likeliest choice in many places, but the search is still undecided: with an entropy near 100% the likeliest choice is little more than chance.',
    calm: 'No sign of collapse: neither skip nor the narrowest width is the likeliest choice in most places.'
  },
  lattice: {
    save: 'Save this moment', svg: 'SVG', png: 'PNG', json: 'JSON',
    caption: (run: string, search: string, network: string, step: number) => `${run}, search ${search}, ${network}, step ${step}`
  },
  networks: { results: 'Networks', derived: 'Derived networks' },
  predictions: {
    worstFirst: 'Images of the validation split, those first on which the student is worst.',
    kind: 'Shown over the image', opacity: 'Opacity', side: 'Beside it', none: 'nothing',
    studentMeanIoU: (share: string) => `student mIoU ${share}`,
    count: (count: number) => `${count} images`,
    loading: 'loading …',
    keys: 'Left and right arrow: other image. + and −: zoom, 0: whole image. Shift with arrows, or drag: move. Escape: close.',
    zoom: (times: string) => `${times} ×`, zoomIn: 'Zoom in', zoomOut: 'Zoom out', whole: 'Whole image',
    place: (place: number, count: number) => `${place} of ${count}`,
    classes: 'IoU of each class'
  },
  export: {
    intro: 'Each button writes one file or folder. A network is run again from what was written, in a second runtime on real images, and compared.',
    network: 'Network', format: 'Format',
    formats: { onnx: 'ONNX', tfjs: 'TensorFlow.js', safetensors: 'safetensors', folder: 'Folder', report: 'Report' },
    about: {
      onnx: 'One file for ONNX Runtime and others.', tfjs: 'A graph model for browsers and Node.',
      safetensors: 'Weights alone, under the names of architecture.json.',
      folder: 'Everything together: models, weights, class list, normalisation, and scripts that run it.',
      report: 'The whole run as one HTML file.'
    },
    write: (network: string, format: string) => `Export ${network} as ${format}`,
    writeShort: 'Export', ofRun: 'the whole run', writeReport: 'Write the report',
    notTrained: 'not trained yet', choosing: 'Choose where to write it …',
    writing: (network: string, format: string) => `Writing ${network} as ${format}`,
    progress: (done: string, total: string) => `${done} of ${total}`,
    cancel: 'Cancel',
    results: 'Written', file: 'File', size: 'Size',
    parity: 'Against our own network, in a second runtime', difference: 'Largest difference of a logit', agreement: 'Same class at',
    noParity: 'There is no network in it to run.',
    reveal: 'Show in folder', download: 'Download', copy: 'Copy as command'
  }
}

export type RunTexts = typeof en
