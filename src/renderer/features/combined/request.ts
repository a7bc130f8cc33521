import type { CombinedOptions, FitRequest } from '#shared/contract/index.ts'

/** What a person chose, as the controls hold it. */
export interface Choices {
  readonly outcome: string
  readonly factors: readonly string[]
  readonly signatures: readonly string[]
  readonly forced: readonly string[]
  readonly selection: 'none' | 'backward' | 'forward' | 'both' | 'screen'
  readonly cut: number
  readonly estimator: FitRequest['estimator'] & string
  readonly threshold: 'youden' | 'specificity' | 'declared'
  readonly thresholdValue: number
  readonly summary: 'mean-sd' | 'median-iqr'
  readonly resamples: number
  readonly seed: number
}

/** The model of the published study; more candidates are a person's choice, since each one costs events. */
const PUBLISHED = ['histologic_type', 'her2']

export function firstChoices(options: CombinedOptions): Choices {
  const factors = options.factors.filter((f) => PUBLISHED.includes(f.name)).map((f) => f.name)
  const signatures = options.signatures.filter((s) => s.main).map((s) => s.name)
  return {
    outcome: options.outcomes[0]?.column ?? '', factors: factors.length > 0 ? factors : options.factors.slice(0, 2).map((f) => f.name), signatures, forced: signatures, selection: 'backward', cut: 0.1, estimator: 'maximum likelihood', threshold: 'youden', thresholdValue: 0.5,
    summary: 'mean-sd', resamples: 200, seed: 1,
  }
}

/** Choices of an earlier fit, as far as the study still has their columns. */
export function choicesOf(request: FitRequest, options: CombinedOptions): Choices {
  const has = (list: readonly { readonly name: string }[], name: string): boolean => list.some((x) => x.name === name)
  const s = request.selection, t = request.threshold
  return {
    ...firstChoices(options), outcome: options.outcomes.some((o) => o.column === request.outcome) ? request.outcome : (options.outcomes[0]?.column ?? ''), factors: request.factors.filter((f) => has(options.factors, f)), signatures: request.signatures.filter((f) => has(options.signatures, f)), forced: request.forced,
    selection: s.kind === 'aic' ? s.direction : s.kind, cut: s.kind === 'screen' ? s.cut : 0.1, estimator: request.estimator, threshold: t.kind, thresholdValue: t.kind === 'declared' ? t.value : t.kind === 'specificity' ? t.atLeast : 0.5,
    summary: request.summary, resamples: request.resamples, seed: request.seed,
  }
}

export function requestOf(c: Choices): FitRequest {
  const chosen = [...c.factors, ...c.signatures]
  return {
    outcome: c.outcome, factors: [...c.factors], signatures: [...c.signatures], forced: c.forced.filter((f) => chosen.includes(f)),
    selection: c.selection === 'none' ? { kind: 'none' } : c.selection === 'screen' ? { kind: 'screen', cut: c.cut } : { kind: 'aic', direction: c.selection },
    threshold: c.threshold === 'youden' ? { kind: 'youden' } : c.threshold === 'specificity' ? { kind: 'specificity', atLeast: c.thresholdValue } : { kind: 'declared', value: c.thresholdValue },
    estimator: c.estimator, summary: c.summary, resamples: c.resamples, seed: c.seed,
  }
}

/** A candidate taken in or out; one that leaves is no longer forced. The outcome is never a candidate. */
export function withCandidate(c: Choices, kind: 'factors' | 'signatures', name: string, on: boolean, order: readonly string[]): Choices {
  const next = on ? order.filter((n) => n === name || c[kind].includes(n)) : c[kind].filter((n) => n !== name)
  return { ...c, [kind]: next, forced: on ? c.forced : c.forced.filter((n) => n !== name) }
}
export const withForced = (c: Choices, name: string, on: boolean): Choices => ({ ...c, forced: on ? [...c.forced.filter((n) => n !== name), name] : c.forced.filter((n) => n !== name) })
export const withOutcome = (c: Choices, outcome: string): Choices => ({ ...withCandidate(c, 'factors', outcome, false, []), outcome })

/** Coefficients that the candidates cost, the intercept apart. */
export const coefficientsOf = (c: Choices, options: CombinedOptions): number =>
  c.signatures.length + c.factors.reduce((n, name) => n + Math.max(1, (options.factors.find((f) => f.name === name)?.levels.length ?? 2) - 1), 0)
