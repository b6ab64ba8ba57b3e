/** A setting's value as the text of its control, and back. */
import type { SettingDescription } from '../../shared/config/describeSettings.js'

export function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value) ?? ''
}

/** The value that a text stands for. What cannot be read stays text, which no schema of a number takes: it is then shown as wrong. */
export function valueOf(text: string, { kind }: Pick<SettingDescription, 'kind'>): unknown {
  switch (kind) {
    case 'number':
    case 'integer':
      return readNumber(text) ?? text
    case 'numbers':
    case 'integers': {
      const items = text.split(/[,;\s]+/).filter((item) => item !== '').map(readNumber)
      return items.some((item) => item === undefined) ? text : items
    }
    case 'boolean':
    case 'choice':
    case 'choices':
    case 'text':
      return text
  }
}

function readNumber(text: string): number | undefined {
  const trimmed = text.trim()
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return undefined
  const value = Number(trimmed)
  return Number.isFinite(value) ? value : undefined
}
