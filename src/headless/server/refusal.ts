/** A request that is not answered: the same few words for each reason, so that nobody learns more from them. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 413 | 417 | 429

export const refusalText: Record<RefusalStatus, string> = {
  400: 'This request is not understood.',
  401: 'Open the address that Cellscope printed when it was started.',
  403: 'This request is refused.',
  404: 'There is nothing here.',
  405: 'This request is not understood.',
  413: 'This request is too large.',
  417: 'This request is not understood.',
  429: 'Too many tries.'
}
