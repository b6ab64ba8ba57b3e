/** README.md of an exported folder. */
import type { ParityReport } from './parity.js'
import type { ImageSize } from './exportedNetwork.js'

export interface ReadmeContent {
  name: string
  size: ImageSize
  classNames: string[]
  parity: ParityReport
}

/** Says what the folder is and the one command that runs it. */
export function exportReadme({ name, size, classNames, parity }: ReadmeContent): string {
  const rows = parity.models.map(
    (model) =>
      `| ${model.format} | ${model.runtime} | ${model.largestDifference.toExponential(1)} | ` +
      `${model.largestRelativeDifference.toExponential(1)} | ${(model.argmaxAgreement * 100).toFixed(3)} % |`
  )
  const images = parity.models[0].images.length
  return `# ${name}

A network that finds ${classNames.length} classes in street images: ${classNames.join(', ')}. Found and trained with Cellscope.

Run it (Node 20 or newer, nothing else):

    npm install --ignore-scripts && node run.mjs IMAGE.png MASK.png

MASK.png then holds the class ids, one byte a pixel, shown in the classes' colours. With Python: \`python run.py IMAGE MASK.png\`
(onnxruntime, numpy, pillow).

| file | holds |
|---|---|
| model.onnx | the network, opset 13: \`image\` float32 [1, 3, ${size.height}, ${size.width}] to \`logits\` [1, ${classNames.length}, ${size.height}, ${size.width}] |
| tfjs/ | the same for \`tf.loadGraphModel\`: \`image\` [1, ${size.height}, ${size.width}, 3] to \`logits\` [1, ${size.height}, ${size.width}, ${classNames.length}] |
| weights.safetensors, architecture.json | the same as weights and structure, batch norms not folded |
| classes.json | names and colours, by class id |
| normalisation.json | how a picture becomes the input |
| parity.json | the comparison below, image by image |

Input: RGB, (value / 255 - mean) / deviation. A picture that lacks less than 32 rows and columns is padded at the bottom and the right
with 0 after normalisation; any other is scaled to ${size.height}x${size.width}, and the mask is scaled back.

Every format was re-opened and compared with the network on ${images === 1 ? 'one image' : `${images} images`}:

| format | re-opened in | largest difference | relative | same class |
|---|---|---|---|---|
${rows.join('\n')}
`
}
