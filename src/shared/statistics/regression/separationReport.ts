import type { Matrix } from '../core/index.ts'
import { detectSeparation, type SeparationKind } from './separation.ts'
import type { DesignColumn } from './term.ts'

/** Separation with its columns named. */
export interface SeparationReport {
  readonly kind: SeparationKind
  /** A smallest set of columns that separates, each with the infinity its estimate runs to. */
  readonly columns: readonly { readonly name: string; readonly term: string; readonly sign: 1 | -1 }[]
  readonly terms: readonly string[]
  readonly separatedRows: number
  /** A sentence for a report; undefined when there is no separation. */
  readonly message?: string
}

/** Detects separation over full-rank columns and says which terms cause it. */
export function reportSeparation(x: Matrix, y: ArrayLike<number>, columns: readonly DesignColumn[]): SeparationReport {
  const found = detectSeparation(x, y)
  if (found.kind === 'none') return { kind: 'none', columns: [], terms: [], separatedRows: 0 }
  const named = found.columns.map((c, k) => ({ name: columns[c]!.name, term: columns[c]!.term ?? columns[c]!.name, sign: found.signs[k]! }))
  const terms = [...new Set(named.map((c) => c.term))]
  const how = found.kind === 'complete'
    ? 'completely separates the two classes'
    : `separates the two classes in ${found.separatedRows} of ${y.length} rows (quasi-complete separation)`
  const who = terms.length === 1 ? `"${terms[0]}"` : `The combination of ${terms.map((t) => `"${t}"`).join(', ')}`
  return {
    kind: found.kind, columns: named, terms, separatedRows: found.separatedRows,
    message: `${who} ${how}: maximum-likelihood estimates are infinite. Use the Firth penalised fit, merge levels or leave the term out.`,
  }
}
