import { quickFit } from './dropOne.ts'
import type { PreparedData } from './prepare.ts'

export type StepDirection = 'backward' | 'forward' | 'both'

/** A step of a selection: the model it led to. The first one is where it began. */
export interface SelectionStep {
  readonly step: number
  readonly removed?: string
  readonly added?: string
  readonly terms: readonly string[]
  readonly aic: number
}

export interface Selection {
  readonly method: string
  readonly direction: StepDirection
  readonly selected: readonly string[]
  readonly path: readonly SelectionStep[]
}

export interface StepwiseOptions {
  readonly direction: StepDirection
  /** Candidate terms; by default all prepared ones. */
  readonly scope?: readonly string[]
  /** Terms to begin with: by default all for backward, none for forward and all for both. */
  readonly start?: readonly string[]
}

/**
 * Stepwise selection by AIC with the rules of MASS::stepAIC: whole terms enter or leave; each step takes the change of lowest AIC
 * (deletions before additions, then in order of the terms, on ties); a term without degrees of freedom leaves first;
 * it stops when no change is better than none, or when AIC would not fall by 1e-7.
 * Source: Venables and Ripley, Modern Applied Statistics with S (4th ed.), section 6.8. O(terms^2) fits.
 */
export function stepwiseAic(data: PreparedData, options: StepwiseOptions): Selection {
  return stepwiseBy((terms) => quickFit(data, terms), data.design.terms.map((t) => t.name), options)
}

/** What a selection must know of a model: its AIC and its number of estimated columns. */
export type TermsScore = (terms: readonly string[]) => { readonly aic: number; readonly rank: number }

/** The same walk for any way of fitting. */
export function stepwiseBy(score: TermsScore, all: readonly string[], options: StepwiseOptions): Selection {
  const scope = options.scope ?? all
  let terms = [...(options.start ?? (options.direction === 'forward' ? [] : scope))]
  let current: { readonly rank: number; readonly aic: number } = score(terms)
  const path: SelectionStep[] = [{ step: 0, terms, aic: current.aic }]
  for (;;) {
    const changes = candidates(score, terms, scope, options.direction)
    const idle = changes.filter((c) => c.removed !== undefined && c.rank === current.rank && Math.abs(c.aic - current.aic) <= 0.01).at(-1)
    const best = idle ?? changes.reduce<Change | undefined>((b, c) => (c.rank !== current.rank && c.aic < (b ?? current).aic ? c : b), undefined)
    if (!best || best.aic >= current.aic + 1e-7) break
    terms = best.terms
    current = best
    path.push({
      step: path.length, ...(best.removed === undefined ? {} : { removed: best.removed }),
      ...(best.added === undefined ? {} : { added: best.added }), terms, aic: best.aic,
    })
  }
  return { method: `stepwise selection by AIC, ${options.direction}`, direction: options.direction, selected: terms, path }
}

interface Change {
  readonly removed?: string
  readonly added?: string
  readonly terms: string[]
  readonly aic: number
  readonly rank: number
}

function candidates(score: TermsScore, terms: readonly string[], scope: readonly string[], direction: StepDirection): Change[] {
  const removals = direction === 'forward' ? [] : terms.filter((t) => scope.includes(t)).map((removed): Change => {
    const rest = terms.filter((t) => t !== removed)
    return { removed, terms: rest, ...score(rest) }
  })
  const additions = direction === 'backward' ? [] : scope.filter((t) => !terms.includes(t)).map((added): Change => {
    const more = [...terms, added]
    return { added, terms: more, ...score(more) }
  })
  return [...removals, ...additions]
}
