import type { Output } from './adapter.ts'

/** What JSON can hold. */
export type Json = null | boolean | number | string | Json[] | { [field: string]: Json }

/** Numbers as the result format writes them: NaN is null (undefined), infinities are "Inf" and "-Inf", absent fields are left out. */
export function toJson(value: Output | undefined): Json {
  if (value === null || value === undefined) return null
  if (typeof value === 'number') return Number.isNaN(value) ? null : Number.isFinite(value) ? value : value > 0 ? 'Inf' : '-Inf'
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map((v: Output) => toJson(v))
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>, (v) => toJson(v))
  const out: { [field: string]: Json } = {}
  for (const [field, v] of Object.entries(value)) if (v !== undefined) out[field] = toJson(v as Output)
  return out
}
