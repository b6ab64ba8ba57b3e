/**
 * Who may come in. The token stands in the one address that is printed; the first request with it gets a cookie, and from then on the
 * cookie counts. Only digests are kept and compared, in constant time.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

export interface Access {
  /** 256 bits, for the printed address only. */
  readonly token: string
  isToken(given: string): boolean
  /** A new session: the value of its cookie. */
  openSession(): string
  isSession(given: string): boolean
}

const secretBytes = 32
/** Browsers that were let in; the oldest is forgotten. */
const mostSessions = 64

export function openAccess(): Access {
  const token = newSecret()
  const tokenDigest = digestOf(token)
  const sessions: Buffer[] = []
  return {
    token,
    isToken: (given) => timingSafeEqual(digestOf(given), tokenDigest),
    openSession() {
      const session = newSecret()
      sessions.push(digestOf(session))
      if (sessions.length > mostSessions) sessions.shift()
      return session
    },
    isSession(given) {
      const digest = digestOf(given)
      return sessions.filter((known) => timingSafeEqual(known, digest)).length > 0
    }
  }
}

function newSecret(): string {
  return randomBytes(secretBytes).toString('base64url')
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
