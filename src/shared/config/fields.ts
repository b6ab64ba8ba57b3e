/** Labels, help texts and units of settings, kept beside their zod schemas: flags, forms and the reference page are made from them. */
import { z } from 'zod'

export interface FieldMeta {
  label: string
  /** One sentence a newcomer understands; names the paper's section where there is one. */
  help: string
  unit?: string
  /** Whether the setting may change when a run is resumed without breaking exactness. */
  mayChangeOnResume?: boolean
}

export const fieldRegistry = z.registry<FieldMeta>()

/** Attaches a label and a help text to a schema. */
export function field<Schema extends z.ZodType>(schema: Schema, label: string, help: string, extra: Omit<FieldMeta, 'label' | 'help'> = {}): Schema {
  fieldRegistry.add(schema, { label, help, ...extra })
  return schema
}
