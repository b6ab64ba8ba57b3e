import type { Texts } from '../locales/en.js'

/** The colours of the error pictures, as src/engine/evaluate/overlays.ts paints them, with their meaning. */
export function errorColours({ predictions }: Texts, withTeacher: boolean): { name: string; colour: string }[] {
  return [
    { name: predictions.studentOnly, colour: 'rgb(213 94 0)' },
    ...(withTeacher ? [{ name: predictions.both, colour: 'rgb(204 121 167)' }, { name: predictions.teacherOnly, colour: 'rgb(86 180 233)' }] : [])
  ]
}
