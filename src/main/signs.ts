/** What the desktop shows of a run outside the window: the taskbar's progress, no sleep while it computes, a word at its end. */
import { Notification, powerSaveBlocker, type BrowserWindow } from 'electron'

export interface Signs {
  progress(fraction: number | null): void
  keepAwake(busy: boolean): void
  tell(title: string, body: string): void
}

/** @param show brings the window to the front */
export function desktopSigns(window: () => BrowserWindow | undefined, show: () => void): Signs {
  let blocker: number | undefined
  return {
    progress: (fraction) => window()?.setProgressBar(fraction ?? -1),
    keepAwake(busy) {
      if (busy && blocker === undefined) blocker = powerSaveBlocker.start('prevent-app-suspension')
      if (busy || blocker === undefined) return
      powerSaveBlocker.stop(blocker)
      blocker = undefined
    },
    tell(title, body) {
      if (!Notification.isSupported()) return
      const notification = new Notification({ title, body })
      notification.on('click', show)
      notification.show()
    }
  }
}
