import { expect } from 'vitest'
import type { DataRow } from '#shared/statistics/regression/index.ts'

/** Numbers equal to a relative tolerance (absolute below 1); null in R's output is NaN here. */
export function close(actual: ArrayLike<number>, expected: readonly (number | string | null)[], tolerance: number): void {
  expect(actual.length).toBe(expected.length)
  const wrong = expected.flatMap((value, i) => {
    const e = value === null ? NaN : value === 'Inf' ? Infinity : value === '-Inf' ? -Infinity : Number(value), a = actual[i]!
    return Object.is(a, e) || a === e || Math.abs(a - e) <= tolerance * Math.max(1, Math.abs(e)) ? [] : [`[${i}] ${a}, R ${e}`]
  })
  expect(wrong).toEqual([])
}

/** Rows of a fixture's columns. */
export function rowsOf(columns: Readonly<Record<string, readonly (number | string | null)[]>>): DataRow[] {
  const names = Object.keys(columns)
  return Array.from({ length: columns[names[0]!]!.length }, (_, i) => Object.fromEntries(names.map((n) => [n, columns[n]![i]!])))
}
