/** Headers of every answer. */

/** Nothing from elsewhere, no inline script, no frame around us; the host is one that was checked. */
export function answerHeaders(host: string): Record<string, string> {
  return {
    'Content-Security-Policy':
      `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self' ws://${host}; ` +
      `base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'`,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store'
  }
}
