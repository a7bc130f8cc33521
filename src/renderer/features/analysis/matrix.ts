import type { CohortAnalysis } from '#shared/contract/index.ts'

type Pair = CohortAnalysis['tests']['delong'][number]
export interface MatrixCell { readonly difference: number | null; readonly pHolm: number | null; readonly title: string }

/** The square of all pairs: row less column above the diagonal, Holm's p below it; null on the diagonal and where a pair has no test. */
export function delongMatrix(pairs: readonly Pair[]): { readonly names: readonly string[]; cell(row: string, column: string): MatrixCell | null } {
  const names = [...new Set(pairs.flatMap((p) => [p.a, p.b]))]
  const known = new Map(pairs.flatMap((p): [string, MatrixCell][] => {
    const title = `${p.a} against ${p.b}: n = ${p.n}, ${p.method}`
    return [[`${p.a}\n${p.b}`, { difference: p.difference, pHolm: p.pHolm, title }], [`${p.b}\n${p.a}`, { difference: p.difference === null ? null : -p.difference, pHolm: p.pHolm, title }]]
  }))
  return { names, cell: (row, column) => known.get(`${row}\n${column}`) ?? null }
}
