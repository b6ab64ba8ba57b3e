import type { ErrorReport } from '../../shared/errors.js'
import { version } from '../../shared/version.js'

/** What a helper needs to know of an error, as text. Holds no path or name beyond those in the message and the page's address. */
export function diagnostics(error: ErrorReport): string {
  return [
    `Cellscope ${version}`,
    `${error.kind} ${error.code}: ${error.message}`,
    `Hint: ${error.hint}`,
    `Page: ${window.location.hash || '#/start'}`,
    `Browser: ${navigator.userAgent}`,
    `Language: ${document.documentElement.lang}, window ${window.innerWidth}x${window.innerHeight}`,
    `Time: ${new Date().toISOString()}`
  ].join('\n')
}
