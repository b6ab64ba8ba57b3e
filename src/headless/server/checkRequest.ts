/**
 * What is looked at before anything else, on every door and on the way to the WebSocket: method, host name, origin, shape. A page of
 * another site can make a browser send requests here; it cannot make it send them with our name and our origin.
 */
import type { IncomingMessage } from 'node:http'
import type { RefusalStatus } from './refusal.js'

export interface CheckedRequest {
  /** As the browser calls us, with the port: one of the allowed names. */
  host: string
  path: string
  query: URLSearchParams
}

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]']
const mostTargetLength = 4096

/** `names`: further host names without port that a person allowed. */
export function checkRequest(request: IncomingMessage, names: readonly string[]): CheckedRequest | RefusalStatus {
  if (request.method !== 'GET') return 405
  const host = onlyHeader(request, 'host')
  if (host === undefined || !isAllowedHost(host, names)) return 403
  const origins = headers(request, 'origin')
  if (origins.length > 1 || (origins.length === 1 && origins[0] !== `http://${host}`)) return 403
  if (isFromElsewhere(request)) return 403
  if (request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) !== 0) return 413
  return withTarget(request.url ?? '', host)
}

/** A page may be led to here from anywhere; that a foreign page loads something from here is not meant. */
function isFromElsewhere({ headers: { 'sec-fetch-site': site, 'sec-fetch-mode': mode } }: IncomingMessage): boolean {
  return site !== undefined && site !== 'same-origin' && site !== 'none' && mode !== 'navigate'
}

/** A socket is opened by a script, so a browser always says from which page. */
export function hasOrigin(request: IncomingMessage): boolean {
  return headers(request, 'origin').length === 1
}

function isAllowedHost(host: string, names: readonly string[]): boolean {
  const [, name, port] = /^([a-z0-9.-]+|\[::1\])(?::([0-9]{1,5}))?$/.exec(host) ?? []
  if (name === undefined || (port !== undefined && (Number(port) < 1 || Number(port) > 65535))) return false
  return loopbackNames.includes(name) || names.includes(name)
}

function withTarget(target: string, host: string): CheckedRequest | RefusalStatus {
  if (!target.startsWith('/') || target.startsWith('//') || target.length > mostTargetLength) return 400
  const question = target.indexOf('?')
  const path = question < 0 ? target : target.slice(0, question)
  return { host, path, query: new URLSearchParams(question < 0 ? '' : target.slice(question + 1)) }
}

/** The one value of a header; undefined where there is none or more than one. */
function onlyHeader(request: IncomingMessage, name: string): string | undefined {
  const values = headers(request, name)
  return values.length === 1 ? values[0] : undefined
}

/** Node joins or drops repeated headers; these are all of them. */
function headers({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1].toLowerCase() === name)
}
