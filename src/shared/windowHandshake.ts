/** The words with which a page of the desktop program gets its port: the page says that it is there, the preload answers with the port. */
export const pageReady = 'cellscope-page-ready'
export const portMessage = 'cellscope-port'
