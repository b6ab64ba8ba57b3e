/**
 * Said by a worker of Electron when it is about to leave by its own will, and answered with the same word: what was sent before it has
 * arrived then. Electron tells of a worker that was killed with exit code 0, too, so only the farewell makes an end a good one.
 */
export const farewell = 'cellscope-farewell'
