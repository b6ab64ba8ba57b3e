import { pageOrigin } from './pageFile.js'

/** Whether an address or origin belongs to our page. Parsed, for app://cellscope.evil and app://cellscope@evil begin as ours does. */
export function isOurPage(url: string): boolean {
  try {
    const { protocol, host, username, password } = new URL(url)
    return `${protocol}//${host}` === pageOrigin && username === '' && password === ''
  } catch {
    return false
  }
}
