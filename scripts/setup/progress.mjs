/** Progress of the set-up on stderr: a line that rewrites itself on a terminal, one line every tenth elsewhere. */
const megabyte = 1e6

export function say(text) {
  process.stderr.write(`${text}\n`)
}

/**
 * Starts showing how far a task is, once its first bytes are there. `measure` gives the bytes done so far; `total` is their number at the end, or 0 when unknown.
 * Returns the function that ends it.
 */
export function showProgress(title, measure, total) {
  let told = -1
  const onTerminal = process.stderr.isTTY === true
  function show() {
    const done = measure()
    if (done === 0) return
    const amount = total > 0 ? `${megabytes(done)} of ${megabytes(total)} MB` : `${megabytes(done)} MB`
    if (onTerminal) {
      process.stderr.write(`\r  ${title}: ${amount}   `)
      return
    }
    const tenth = total > 0 ? Math.floor((10 * done) / total) : Math.floor(done / (100 * megabyte))
    if (tenth <= told) return
    told = tenth
    say(`  ${title}: ${amount}`)
  }
  const timer = setInterval(show, onTerminal ? 500 : 1000)
  return () => {
    clearInterval(timer)
    if (onTerminal) process.stderr.write('\r\u001b[K')
  }
}

function megabytes(bytes) {
  return (bytes / megabyte).toFixed(0)
}
