/** The hash that tells whether two runs came to the same, for hosts that do not reach into storage themselves. */
export { digestRun as digestOfRun, type RunDigest } from '../storage/digest.js'
