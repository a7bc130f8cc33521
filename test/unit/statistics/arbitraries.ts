import fc from 'fast-check'

/** Cases with both classes (at least two of each) and `k` scores with many ties, infinities among them. */
export function scoredCases(k = 1, most = 40): fc.Arbitrary<{ outcome: number[]; scores: number[][] }> {
  const score = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: -6, max: 6 }) }, { weight: 1, arbitrary: fc.constantFrom(-Infinity, Infinity) },
    { weight: 3, arbitrary: fc.double({ min: -10, max: 10, noNaN: true }) })
  const row = fc.tuple(fc.integer({ min: 0, max: 1 }), fc.array(score, { minLength: k, maxLength: k }))
  return fc.array(row, { minLength: 4, maxLength: most }).map((rows) => {
    rows.push([0, rows[0]![1]], [0, rows[1]![1]], [1, rows[2]![1]], [1, rows[3]![1]])
    return { outcome: rows.map((r) => r[0]), scores: Array.from({ length: k }, (_, j) => rows.map((r) => r[1][j]!)) }
  })
}
