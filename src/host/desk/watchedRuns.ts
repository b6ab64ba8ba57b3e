/** The runs that somebody watches or that go on here: one reader of the journal each, however many pages look at it. */
import { basename } from 'node:path'
import type { JournalEntry, Pulse } from '../../shared/events.js'
import { AppError } from '../../shared/errors.js'
import type { RunFolder } from '../../storage/runFolder.js'
import { journalFeed, type TakenText } from './journalFeed.js'
import { pulseTail, type PulseTail } from './pulseTail.js'

export interface RunWatcher {
  /** There may be more to take. */
  onMore(): void
  onCut(lastSequence: number): void
  onPulse(pulse: Pulse): void
  /** Something worth a sentence about the journal itself. */
  onNotice(text: string): void
}

export interface WatchedRun {
  /** Its folder's name, by which pages know it. */
  readonly name: string
  take(fromSequence: number): JournalEntry[]
  takeText(fromSequence: number): TakenText
  add(entry: JournalEntry): void
  /** A pulse of a run that goes on here; that of a run elsewhere comes from its side file. */
  pulse(pulse: Pulse): void
  lastPulse(): Pulse | undefined
  settle(): void
  release(): void
}

export interface WatchedRuns {
  watch(run: RunFolder, watcher: RunWatcher): WatchedRun
  close(): void
}

const lookEveryMs = 200

interface Shared {
  watchers: Set<RunWatcher>
  feed: ReturnType<typeof journalFeed>
  pulse: Pulse | undefined
  /** Whether pulses come from the engine itself. */
  spoken: boolean
  pulses: PulseTail
  stop(): void
}

export function watchedRuns(): WatchedRuns {
  const shared = new Map<string, Shared>()

  function open(run: RunFolder): Shared {
    const watchers = new Set<RunWatcher>()
    const tell = (say: (watcher: RunWatcher) => void): void => [...watchers].forEach(say)
    const feed = journalFeed(run.journalPath, {
      onMore: () => tell((watcher) => watcher.onMore()),
      onCut: (sequence) => tell((watcher) => watcher.onCut(sequence))
    })
    const pulses = pulseTail(run.pulsePath)
    const opened: Shared = { watchers, feed, pulse: undefined, spoken: false, pulses, stop: () => clearTimeout(timer) }
    let told = ''
    const look = (): void => {
      let more = false
      try {
        more = feed.poll()
        const pulse = opened.spoken ? undefined : pulses.read()
        if (pulse !== undefined) hear(opened, pulse)
        const damage = feed.damage()
        if (damage !== undefined) tellOnce(`The journal of ${basename(run.path)} is damaged at line ${damage.line} and is shown up to there.`)
      } catch (error) {
        tellOnce(error instanceof AppError ? error.message : String(error))
      }
      timer = setTimeout(look, more ? 0 : lookEveryMs)
      timer.unref()
    }
    const tellOnce = (text: string): void => {
      if (text !== told) tell((watcher) => watcher.onNotice(text))
      told = text
    }
    let timer = setTimeout(look, 0)
    shared.set(run.path, opened)
    return opened
  }

  return {
    watch(run, watcher) {
      const found = shared.get(run.path) ?? open(run)
      found.watchers.add(watcher)
      return {
        name: basename(run.path),
        take: (from) => found.feed.take(from),
        takeText: (from) => found.feed.takeText(from),
        add: (entry) => found.feed.add(entry),
        pulse(pulse) {
          found.spoken = true
          hear(found, pulse)
        },
        lastPulse: () => found.pulse,
        settle() {
          // What was said is known; from now on another process may drive the run.
          found.pulses.read()
          found.spoken = false
          found.pulse = undefined
          found.feed.settle()
        },
        release() {
          found.watchers.delete(watcher)
          if (found.watchers.size > 0 || shared.get(run.path) !== found) return
          found.stop()
          shared.delete(run.path)
        }
      }
    },
    close() {
      for (const each of shared.values()) each.stop()
      shared.clear()
    }
  }
}

function hear(shared: Shared, pulse: Pulse): void {
  shared.pulse = pulse
  for (const watcher of [...shared.watchers]) watcher.onPulse(pulse)
}
