/**
 * What the workbench's page may load and do: our own scripts, styles and pictures, and a connection to where it came from. Sent as a
 * header by every server of the page; the page says the same in a meta tag.
 */
export const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self' ws://127.0.0.1:*",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join('; ')
