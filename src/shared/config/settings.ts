/** Every setting of a run, one schema a stage. Types, parser, flags, form fields and the reference page all come from here. */
import { z } from 'zod'
import { field } from './fields.js'

const fraction = () => z.number().min(0).max(1)
const positive = () => z.number().positive().max(1e9)
const count = (least = 1, most = 1_000_000) => z.number().int().min(least).max(most)
const side = () => z.number().int().min(32).max(16384).multipleOf(32)

export const dataSettings = z.strictObject({
  source: field(z.string().min(1).max(4096).default('streets'), 'Dataset', 'A folder, or `streets` for the built-in procedural street scenes.'),
  layout: field(z.enum(['auto', 'camvid', 'cityscapes', 'voc', 'folder']).default('auto'), 'Layout', 'How the folder is laid out; auto recognises it.'),
  height: field(z.number().int().min(0).max(16384).default(0), 'Image height', 'Images are scaled to this height after reading; 0 keeps their own.', { unit: 'px' }),
  width: field(z.number().int().min(0).max(16384).default(0), 'Image width', 'Images are scaled to this width after reading; 0 keeps their own.', { unit: 'px' }),
  streetsTrain: field(count(2).default(240), 'Street scenes to train on', 'How many built-in scenes the training split has.'),
  streetsVal: field(count().default(48), 'Street scenes to judge on', 'How many built-in scenes the validation split has.'),
  streetsWeather: field(z.enum(['clear', 'fog', 'rain', 'dusk', 'mixed']).default('clear'), 'Weather', 'Weather of the built-in scenes.'),
  selectionFraction: field(z.number().min(0.02).max(0.5).default(0.1), 'Selection share', 'Share of the training images kept for early stopping and choices, never for the final number.'),
  cropHeight: field(side().default(96), 'Crop height', 'Height of the crops that training sees.', { unit: 'px' }),
  cropWidth: field(side().default(192), 'Crop width', 'Width of the crops that training sees.', { unit: 'px' }),
  searchCropHeight: field(z.number().int().min(0).max(16384).multipleOf(32).default(0), 'Search crop height', 'Height of the crops that pretraining and search see; 0 takes the crop height.', { unit: 'px' }),
  searchCropWidth: field(z.number().int().min(0).max(16384).multipleOf(32).default(0), 'Search crop width', 'Width of the crops that pretraining and search see; 0 takes the crop width.', { unit: 'px' }),
  pretrainCropHeight: field(z.number().int().min(0).max(16384).multipleOf(32).default(0), 'Pretraining crop height', 'Height of the crops that pretraining sees; 0 takes the crops of the search.', { unit: 'px' }),
  pretrainCropWidth: field(z.number().int().min(0).max(16384).multipleOf(32).default(0), 'Pretraining crop width', 'Width of the crops that pretraining sees; 0 takes the crops of the search.', { unit: 'px' }),
  searchScale: field(z.number().min(0.1).max(1).default(1), 'Search scale', 'Pretraining and search see the images shrunk by this factor (published code: 0.5).'),
  scales: field(z.array(z.number().min(0.25).max(4)).min(1).max(16).default([0.75, 1, 1.25]), 'Random scales', 'One of these factors is drawn for each image (published code: 0.75, 1, 1.25).'),
  flip: field(z.boolean().default(true), 'Random flip', 'Mirror half of the images.'),
  colourJitter: field(fraction().default(0.2), 'Colour jitter', 'Largest random change of brightness, contrast and saturation (published code: none).'),
  classWeights: field(z.enum(['none', 'balanced']).default('none'), 'Class weights', 'balanced weighs rare classes more, by 1 / log(1.02 + frequency) (ENet).')
})

export const spaceSettings = z.strictObject({
  layers: field(z.number().int().min(3).max(64).default(16), 'Layers', 'Layers of cells after the stem (paper: 16).'),
  baseWidth: field(z.number().int().min(1).max(64).default(12), 'Base width', 'A full-width map has scale x this many channels (paper: 12).'),
  widths: field(z.array(z.number().int().min(1).max(12)).min(1).max(12).default([4, 6, 8, 10, 12]), 'Widths', 'Candidate widths in twelfths, ascending, ending with 12.'),
  studentStemWidth: field(z.number().int().min(1).max(12).default(8), 'Student stem width', 'Width of the student\'s stem and heads in twelfths (paper: 8).'),
  branchPairs: field(z.array(z.enum(['8', '16', '32', '8,16', '8,32', '16,32', '8,16,32'])).min(1).max(7).default(['16,32', '8,32', '8,16']), 'Branches', 'Final scales of the one, two or three branches that are compared (paper: the three pairs; published code: only 16,32 and 8,32).')
})

export const latencySettings = z.strictObject({
  table: field(z.string().max(4096).default(''), 'Latency table', 'A measured table to use; empty measures this machine before the search.'),
  height: field(side().default(256), 'Target height', 'Height of the images on the device.', { unit: 'px' }),
  width: field(side().default(512), 'Target width', 'Width of the images on the device.', { unit: 'px' }),
  threads: field(count(1, 256).default(1), 'Device threads', 'Threads that ONNX Runtime may use when it is timed.'),
  repeats: field(count(1, 10_000).default(10), 'Repeats', 'Timed runs of each operator, at least, after warm-up.'),
  warmup: field(count(0, 1000).default(3), 'Warm-up runs', 'Untimed runs of each operator before the timed ones.'),
  networks: field(count(0, 1000).default(0), 'Whole networks', 'Random whole networks that are timed after the operators, to correct the table by what they take: 12 at least, 50 is a good number; 0 leaves the table as it is.')
})

const schedule = {
  decay: field(z.number().positive().max(1).default(0.978), 'Decay per epoch', 'The learning rate is multiplied by this after every epoch (paper: 0.978 in the search).'),
  momentum: field(fraction().default(0.9), 'Momentum', 'Momentum of SGD (paper: 0.9).'),
  weightDecay: field(z.number().min(0).max(1).default(5e-4), 'Weight decay', 'L2 decay of the weights (paper: 5e-4).'),
  clipNorm: field(z.number().min(0).max(1e6).default(5), 'Gradient clip', 'Largest norm of the weight gradients; 0 switches clipping off (paper: 5).'),
  warmupSteps: field(count(0).default(0), 'Warm-up steps', 'Steps over which the learning rate rises from zero.')
}

export const pretrainSettings = z.strictObject({
  epochs: field(count(0, 10_000).default(20), 'Epochs', 'Epochs of weights only, before the architecture moves (paper: 20).'),
  stepsPerEpoch: field(count().default(495), 'Steps per epoch', 'Weight steps in an epoch (published code: 495).'),
  batch: field(count(1, 1024).default(3), 'Batch', 'Images a step (paper: 3).'),
  learningRate: field(positive().default(0.02), 'Learning rate', 'SGD learning rate at the start (paper: 0.02).'),
  heads: field(z.enum(['both', 'teacher']).default('both'), 'Stems and heads', 'both: the widest pass goes through the teacher\'s stem and heads, the others through the student\'s. teacher: all go through the teacher\'s, and the student\'s are untrained when the search starts (published).'),
  ...schedule
})

export const searchSettings = z.strictObject({
  epochs: field(count(0, 10_000).default(30), 'Epochs', 'Epochs of alternating architecture and weight steps (paper: 30).'),
  stepsPerEpoch: field(count().default(743), 'Steps per epoch', 'Alternating steps in an epoch (published code: 743).'),
  batch: field(count(1, 1024).default(2), 'Batch', 'Images a step (paper: 2).'),
  learningRate: field(positive().default(0.01), 'Learning rate', 'SGD learning rate of the weights at the start (paper: 0.01).'),
  ...schedule,
  order: field(z.enum(['first', 'second']).default('first'), 'Order of the search', 'second: the architecture is judged by weights one step ahead, and answers for that step, too (DARTS, equations 7 and 8); a step takes about two and a half times as long. first: by the weights as they are (paper).'),
  architectureLearningRate: field(positive().default(3e-4), 'Architecture learning rate', 'Adam\'s learning rate for alpha, beta and gamma (paper: 3e-4).'),
  latencyTerm: field(z.enum(['decoupled', 'joint', 'both']).default('decoupled'), 'Latency term', 'decoupled weighs operators, scales and widths apart (paper, section 3.3); joint is one plain term; both searches twice with the same seed and compares.'),
  latencyWeights: field(z.array(z.number().min(0).max(1000)).length(3).default([0.001, 0.997, 0.002]), 'Decoupling weights', 'w1, w2, w3 for operators, scales and widths (paper: 0.001, 0.997, 0.002; published code: 0.002, 0.994, 0.004).'),
  lambda: field(z.number().min(0).max(1e6).default(0.01), 'Lambda', 'Weight of the latency term (paper: 0.01).'),
  latencyController: field(z.enum(['off', 'window']).default('off'), 'Latency controller', 'window: after every epoch, lambda doubles where the network that would be derived is slower than the target by more than the band, and halves where it is faster by more than that (published code); never beyond 1024 times lambda, nor below 1/1024 of it.'),
  latencyBand: field(z.number().min(0).max(0.99).default(0.06), 'Latency band', 'Half the width of the controller\'s window, as a share of the target latency (published code: 155 to 175 frames a second, which is 0.06).'),
  widthEstimator: field(z.enum(['published', 'masks', 'soft-masks', 'score-function']).default('score-function'), 'Width estimator', 'How the data reaches gamma; docs/decisions says which is true.'),
  gumbelTemperature: field(positive().default(1), 'Gumbel temperature', 'Temperature of the Gumbel softmax over widths (paper: 1).'),
  latencyExponent: field(z.number().min(-10).max(0).default(-0.07), 'Latency exponent', 'w of the objective accuracy * (latency / target) ^ w (paper: -0.07).'),
  targetLatencyMs: field(z.number().min(0).max(1e9).default(8.3), 'Target latency', 'T of the objective, on the device that was measured (paper: 8.3 on a 1080Ti). 0: a share of a hand-made network\'s, the target share.', { unit: 'ms' }),
  targetLatencyShare: field(positive().default(0.9), 'Target share', 'Where the target latency is 0: the target is this share of the predicted latency of the largest hand-made network of the space, so that the same settings go from machine to machine.'),
  candidates: field(count(1, 256).default(1), 'Candidates', 'Architectures that derivation compares by training each for a short while: the likeliest, and others drawn from the searched probabilities. 1 takes the likeliest as it is (published).'),
  candidatesPlain: field(z.boolean().default(false), 'Plain candidates', 'Whether plain networks of the space (3x3 convolutions of one width, for each pair of branches one that goes down first and one that goes down last) are among the first candidates; later generations are then drawn around them, too, where they are good.'),
  candidateSteps: field(count().default(100), 'Steps of a candidate', 'Training steps of each candidate, where there are several.'),
  candidateBudget: field(z.enum(['steps', 'minutes']).default('steps'), 'Budget of a candidate', 'steps: candidates train for equally many steps. minutes: for as long as the likeliest one takes for its steps; the steps of each are timed in turn with that one\'s, and networks that train quickly get more.'),
  candidateGenerations: field(count(1, 64).default(1), 'Generations of candidates', 'How often as many candidates are drawn and trained; each generation after the first is drawn around the best third so far.'),
  candidateRounds: field(count(1, 8).default(1), 'Rounds of candidates', 'Rounds of comparison: the best third is trained again, from scratch and for three times as many steps (successive halving).'),
  ohemThreshold: field(fraction().default(0.7), 'OHEM threshold', 'Pixels whose true class has a probability above this are easy and left out (paper: 0.7).'),
  ohemKeepFraction: field(fraction().default(1 / 16), 'OHEM least share', 'Least share of pixels that are kept (published code: 1/16).')
})

export const trainSettings = z.strictObject({
  teacherSteps: field(count(0).default(600_000), 'Teacher steps', 'Training steps of the teacher (paper: 600 epochs of 1000).'),
  studentSteps: field(count(0).default(600_000), 'Student steps', 'Training steps of the student.'),
  stepsPerEpoch: field(count().default(1000), 'Steps per epoch', 'Steps between two evaluations on the selection images.'),
  batch: field(count(1, 1024).default(12), 'Batch', 'Images a step (paper: 12).'),
  batchParts: field(count(1, 64).default(1), 'Parts of a batch', 'Into how many parts each batch is cut; each is normalised on its own, as on several GPUs, and up to `run.passWorkers` of them are computed side by side. 1 normalises the batch as a whole (published).'),
  learningRate: field(positive().default(0.01), 'Learning rate', 'SGD learning rate at the start (paper: 0.01).'),
  curve: field(z.enum(['exponential', 'poly', 'cosine']).default('exponential'), 'Learning rate curve', 'exponential: times decay per epoch (paper); poly: power 0.9 to zero; cosine: to zero.'),
  ...schedule,
  decay: field(z.number().positive().max(1).default(0.992), 'Decay per epoch', 'The learning rate is multiplied by this after every epoch (paper: 0.992).'),
  clipNorm: field(z.number().min(0).max(1e6).default(0), 'Gradient clip', 'Largest norm of the gradients; 0 switches clipping off (paper: off).'),
  auxiliaryWeight: field(z.number().min(0).max(10).default(0.2), 'Auxiliary weight', 'Weight of the losses of the two auxiliary heads (paper: 0.2); 0 leaves them out.'),
  lossStride: field(z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(8)]).default(1), 'Loss stride', 'The losses are taken at 1 / this of the resolution (published code: 1); 2 trains faster.'),
  distillation: field(z.boolean().default(true), 'Distillation', 'Whether the student also learns from the teacher.'),
  teacherView: field(z.enum(['crop', 'image']).default('crop'), 'Teacher sees', 'crop: the teacher runs on every crop that the student sees (published). image: it runs once on every whole image, and what it said there is cut as the crop is; a step then costs hardly more than without a teacher.'),
  distillationWeight: field(z.number().min(0).max(1000).default(1), 'Distillation weight', 'Weight of the per-pixel Kullback-Leibler term.'),
  distillationTemperature: field(positive().default(1), 'Distillation temperature', 'Temperature of both softmaxes; the term is multiplied by its square.'),
  distillationMean: field(z.enum(['pixel', 'right', 'published']).default('pixel'), 'Distillation mean', 'pixel: mean over the labelled pixels. right: of those, only pixels whose class the teacher has right count, for a teacher that is weaker than the student will be. published: mean over all elements, weaker by the number of classes.'),
  compareWithoutDistillation: field(z.boolean().default(false), 'Student without distillation', 'Also train the same student without the teacher.'),
  compareHandmade: field(z.boolean().default(false), 'Hand-made network', 'Also train a hand-made network of the student\'s latency, for the same minutes.'),
  handmadeSteps: field(count(0).default(0), 'Hand-made steps', 'Training steps of the hand-made network; 0 measures the pace of both networks and gives it the student\'s minutes.'),
  ohemThreshold: field(fraction().default(0.7), 'OHEM threshold', 'As in the search; 1 with least share 1 is plain cross entropy.'),
  ohemKeepFraction: field(fraction().default(1 / 16), 'OHEM least share', 'Least share of pixels that are kept.'),
  patience: field(count(0, 10_000).default(0), 'Patience', 'Stop after this many evaluations without a better selection mIoU; 0 trains to the end.')
})

export const runSettings = z.strictObject({
  threads: field(count(0, 256).default(2), 'Engine threads', 'Threads of TensorFlow\'s operators; part of the result\'s bits, so pinned in the manifest.'),
  passWorkers: field(count(1, 16).default(1), 'Pass workers', 'Threads that run the passes of a supernet\'s step, and the parts of a training batch, side by side, each with a TensorFlow of its own; part of the result\'s bits.'),
  oneDnn: field(z.boolean().default(true), 'oneDNN', 'Whether TensorFlow uses oneDNN: faster on large maps, slower on the small ones of a small supernet; part of the result\'s bits.'),
  checkpointSteps: field(count().default(100), 'Checkpoint after steps', 'Most steps between two checkpoints.', { mayChangeOnResume: true }),
  checkpointSeconds: field(positive().default(120), 'Checkpoint after seconds', 'Most seconds between two checkpoints.', { unit: 's', mayChangeOnResume: true })
})

export const settingsSchema = z.strictObject({
  seed: field(z.number().int().min(0).max(4294967295).default(1), 'Seed', 'All random draws of a run are functions of this number.'),
  data: dataSettings.prefault({}),
  space: spaceSettings.prefault({}),
  latency: latencySettings.prefault({}),
  pretrain: pretrainSettings.prefault({}),
  search: searchSettings.prefault({}),
  train: trainSettings.prefault({}),
  run: runSettings.prefault({})
})

export type Settings = z.infer<typeof settingsSchema>
export type SettingsInput = z.input<typeof settingsSchema>
export type DataSettings = Settings['data']
export type SpaceSettings = Settings['space']
export type LatencySettings = Settings['latency']
export type PretrainSettings = Settings['pretrain']
export type SearchSettings = Settings['search']
export type TrainSettings = Settings['train']
