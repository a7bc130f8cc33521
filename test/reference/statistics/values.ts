import { expect } from 'vitest'

/** A number as a fixture writes it. */
export type Written = number | string | null

/** Fixture numbers: null is NaN, "Inf" and "-Inf" are infinities. */
export function fromJson(values: readonly Written[]): number[] {
  return values.map((v) => (v === null ? NaN : v === 'Inf' ? Infinity : v === '-Inf' ? -Infinity : Number(v)))
}

/** Each value within a relative tolerance; null and NaN are the same nothing. Says every one that is not. */
export function expectClose(actual: ArrayLike<number | null>, expected: ArrayLike<Written>, tolerance = 1e-10): void {
  const wanted = fromJson(Array.from(expected)), got = Array.from(actual, (v) => v ?? NaN)
  const wrong = wanted.flatMap((e, i) => {
    const a = got[i]!
    return Object.is(a, e) || a === e || Math.abs(a - e) <= tolerance * Math.abs(e) + 1e-14 ? [] : [`[${i}] is ${a}, R says ${e}`]
  })
  if (got.length !== wanted.length) wrong.push(`${got.length} values, R has ${wanted.length}`)
  expect(wrong).toEqual([])
}
