import { assertNever } from '#shared/lib/index.ts'
import { screenTerms, stepwiseAic, type PreparedData, type SelectionStep } from '../regression/index.ts'
import type { BuilderSpec } from './spec.ts'

/** Which candidates stay and how that came about. */
export interface ChosenTerms {
  readonly method: string
  readonly selected: readonly string[]
  readonly forced: readonly string[]
  /** Steps of a selection by AIC, the first one where it began. */
  readonly path: readonly SelectionStep[]
  /** Univariable likelihood-ratio p by term, of a screening. */
  readonly screened: readonly { readonly term: string; readonly p: number; readonly kept: boolean }[]
}

/** Selects terms over rows that are complete for all candidates; forced terms stay in every step. */
export function chooseTerms(data: PreparedData, { selection, forced: wanted }: Pick<BuilderSpec, 'selection' | 'forced'>): ChosenTerms {
  const all = data.design.terms.map((t) => t.name)
  const forced = all.filter((t) => wanted.includes(t))
  const rest = all.filter((t) => !forced.includes(t))
  const inOrder = (names: readonly string[]): string[] => all.filter((t) => names.includes(t))
  const stays = forced.length === 0 ? '' : `; ${forced.join(', ')} always kept`
  switch (selection.kind) {
    case 'none': return { method: 'all candidates entered', selected: all, forced, path: [], screened: [] }
    case 'aic': {
      const made = stepwiseAic(data, { direction: selection.direction, scope: rest, start: selection.direction === 'forward' ? forced : all })
      return { method: `${made.method}${stays}`, selected: inOrder(made.selected), forced, path: made.path, screened: [] }
    }
    case 'screen': {
      const made = screenTerms(data, selection.cut)
      const kept = new Set([...made.kept, ...forced])
      return { method: `${made.method}${stays}`, selected: inOrder([...kept]), forced, path: [], screened: all.map((term) => ({ term, p: made.p[term] ?? 1, kept: kept.has(term) })) }
    }
    default: return assertNever(selection)
  }
}
