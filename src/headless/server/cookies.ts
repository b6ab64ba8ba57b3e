/** The session's cookie. */

/** Cookies do not know ports, so two servers on one machine need two names. */
export function cookieName(port: number): string {
  return `cellscope-${port}`
}

/** Of Strict cookies a browser sends none along with requests that another site caused. */
export function setCookie(port: number, value: string): string {
  return `${cookieName(port)}=${value}; Path=/; HttpOnly; SameSite=Strict`
}

/** The cookie's value; undefined where there is none or more than one. */
export function readCookie(header: string | undefined, port: number): string | undefined {
  const start = `${cookieName(port)}=`
  const values = (header ?? '').split(';').map((part) => part.trim()).filter((part) => part.startsWith(start))
  return values.length === 1 ? values[0].slice(start.length) : undefined
}
