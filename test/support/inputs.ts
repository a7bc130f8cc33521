import fc from 'fast-check'
import { z } from 'zod'
import type { CallSpec } from '#shared/contract/index.ts'

interface Schema { type?: string; enum?: unknown[]; const?: unknown; anyOf?: Schema[]; oneOf?: Schema[]; properties?: Record<string, Schema>; required?: string[]; items?: Schema; minimum?: number; maximum?: number; additionalProperties?: Schema | boolean; pattern?: string }

/** Inputs for a call made from its own schema; ids come from `ids`, so that many of them exist. */
export function inputsOf(spec: CallSpec, ids: readonly string[]): fc.Arbitrary<unknown> {
  return arbitrary(z.toJSONSchema(spec.input, { io: 'input', unrepresentable: 'any' }) as Schema, ids)
}

function arbitrary(schema: Schema, ids: readonly string[]): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const any = schema.anyOf ?? schema.oneOf
  if (any !== undefined) return fc.oneof(...any.map((s) => arbitrary(s, ids)))
  switch (schema.type) {
    case 'string': return fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...ids) }, { weight: 1, arbitrary: fc.string({ maxLength: 30 }) }, { weight: 1, arbitrary: fc.constantFrom("' OR 1=1 --", '../../study.db', '%', '*', '2020-01-01T00:00:00.000Z') })
    case 'integer': {
      const min = Math.max(schema.minimum ?? -5, -5)
      return fc.oneof(fc.integer({ min, max: Math.max(min, Math.min(schema.maximum ?? 60, 60)) }), fc.constantFrom(-1, 0, 1, 2, 3))
    }
    case 'number': return fc.oneof(fc.constantFrom(1, 2, 3, 4, 5), fc.double({ min: 0, max: 100, noNaN: true }))
    case 'boolean': return fc.boolean()
    case 'null': return fc.constant(null)
    case 'array': return fc.array(arbitrary(schema.items ?? {}, ids), { maxLength: 3 })
    case 'object': {
      const entries = Object.entries(schema.properties ?? {})
      return fc.record(Object.fromEntries(entries.map(([name, s]) => [name, arbitrary(s, ids)])), { requiredKeys: (schema.required ?? []).filter((n) => entries.some(([name]) => name === n)) })
    }
    default: return fc.constantFrom(null, 1, 'x', {})
  }
}
