/** A failure of the set-up that a person can act on: one sentence that says what is missing, one that says how to get it. */
export class SetupError extends Error {
  /**
   * @param {string} message what is missing or broken
   * @param {string} remedy what to do about it
   */
  constructor(message, remedy) {
    super(message)
    this.name = 'SetupError'
    this.remedy = remedy
  }
}
