/** Live charts are drawn four times a second: the eye asks for no more, and the search needs the processor. */
export const drawEveryMs = 250
