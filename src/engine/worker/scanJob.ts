/** Job `scan`: reads every file of a dataset, says what is in it and what is wrong with it. */
import { scanInput } from '../../shared/jobInputs.js'
import { openDataset } from '../data/openDataset.js'
import { scanDataset, type DatasetScan } from '../data/scan.js'
import { job } from '../job.js'

const mostListed = 20

export const scanJob = job(scanInput, async ({ data, seed }, { progress }) => {
  const dataset = await openDataset(data, seed, (done, of) => progress('Reading files', done, of))
  const scan = await scanDataset(dataset, (done, of) => progress('Looking at images', done, of))
  return { ...scan, layout: dataset.layout, text: scanText(scan, dataset.layout) }
})

function scanText(scan: DatasetScan, layout: string): string {
  const pixels = scan.train.pixels.reduce((sum, count) => sum + count, 0)
  const length = Math.max(...scan.classes.map((name) => name.length), 'class'.length)
  const classes = scan.classes.map((name, id) => {
    const share = pixels === 0 ? 0 : (100 * scan.train.pixels[id]) / pixels
    const [shareText, images, weight] = [`${share.toFixed(2)} %`, String(scan.train.imagesWithClass[id]), scan.suggestedWeights[id].toFixed(2)]
    return `  ${name.padEnd(length)}  ${shareText.padStart(9)}  ${images.padStart(9)}  ${weight.padStart(9)}`
  })
  const listed = scan.problems.slice(0, mostListed).map(({ message }) => `  ${message}`)
  const more = scan.problems.length > mostListed ? [`  and ${scan.problems.length - mostListed} more`] : []
  return [
    `Layout ${layout}: ${scan.train.images} images to train on, ${scan.val.images} to judge on.`,
    `Sizes: ${scan.sizes
      .slice(0, 5)
      .map(({ height, width, images }) => `${height}x${width} (${images})`)
      .join(', ')}`,
    `${scan.classes.length} classes in the training images (share of the labelled pixels, images that show it, suggested weight):`,
    `  ${'class'.padEnd(length)}     pixels     images     weight`,
    ...classes,
    ...scan.notes,
    scan.problems.length === 0 ? 'No problem was found.' : `${scan.problems.length} problems:`,
    ...listed,
    ...more
  ].join('\n')
}
