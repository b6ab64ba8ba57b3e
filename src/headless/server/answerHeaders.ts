/** Headers of every answer. */
import { contentPolicy } from '../../shared/contentPolicy.js'

/** The policy of the pages, with the one WebSocket that they may open; the host is one that was checked. */
export function answerHeaders(host: string): Record<string, string> {
  return {
    'Content-Security-Policy': contentPolicy.replace('ws://127.0.0.1:*', `ws://${host}`),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store'
  }
}
