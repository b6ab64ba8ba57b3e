import type { ExportAnswer } from '../../../shared/clientProtocol.js'
import type { ExportInput } from './exportChoices.js'

/** An export that was done while the page is open. */
export interface WrittenExport {
  number: number
  input: ExportInput
  answer: ExportAnswer
}
