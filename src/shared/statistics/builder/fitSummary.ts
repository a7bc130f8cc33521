import { oneOrNull } from './finite.ts'
import { interceptName, type FirthModel, type LogisticModel, type Term } from '../regression/index.ts'

/** A line of an odds-ratio table. Figures that do not exist (separation) are null. */
export interface CoefficientLine {
  readonly term: string
  /** The level of a factor that is compared with `reference`; null for a number, whose odds ratio is for one `unit`. */
  readonly level: string | null
  readonly reference: string | null
  readonly unit: string | null
  readonly estimate: number | null
  readonly standardError: number | null
  readonly oddsRatio: number | null
  readonly ci95: readonly [number, number] | null
  readonly p: number | null
}

/** A fit as a table shows it and JSON carries it. */
export interface FitSummary {
  readonly method: string
  readonly terms: readonly string[]
  readonly n: number
  readonly events: number
  readonly intercept: number | null
  readonly lines: readonly CoefficientLine[]
  /** Null with the penalised fit, whose likelihood is another one. */
  readonly aic: number | null
  /** Likelihood-ratio test against the intercept alone; null with the penalised fit. */
  readonly p: number | null
  /** False where the classes are separated: estimates, odds ratios and p mean nothing then and are left out. */
  readonly interpretable: boolean
  /** What a reader must know: rows left out, separation, collinearity. */
  readonly findings: readonly string[]
}

type Line = LogisticModel['coefficients'][number] | FirthModel['coefficients'][number]

function lineOf(c: Line, means: boolean): CoefficientLine {
  const ends = [oneOrNull(c.interval.lower), oneOrNull(c.interval.upper)] as const
  return {
    term: c.column.term ?? interceptName, level: c.column.level ?? null, reference: c.reference ?? null, unit: c.unit ?? null,
    estimate: means ? oneOrNull(c.estimate) : null, standardError: means ? oneOrNull(c.standardError) : null, oddsRatio: means ? oneOrNull(c.oddsRatio) : null,
    ci95: means && ends[0] !== null && ends[1] !== null ? [ends[0], ends[1]] : null, p: means ? oneOrNull(c.p) : null,
  }
}

/** The tables' view of a fit by maximum likelihood or by Firth's penalised likelihood. */
export function summarise(fit: LogisticModel | FirthModel): FitSummary {
  const plain = fit.method === 'logistic regression, maximum likelihood' ? fit : null
  const means = plain === null || plain.interpretable
  const lines = fit.coefficients.map((c) => lineOf(c, means))
  return {
    method: fit.method, terms: fit.terms.map((t: Term) => t.name), n: fit.n, events: fit.events, intercept: lines[0]?.estimate ?? null, lines: lines.slice(1),
    aic: plain === null ? null : oneOrNull(plain.aic), p: plain === null ? null : oneOrNull(plain.likelihoodRatio.p), interpretable: means,
    findings: plain === null ? fit.collinear.map((c) => c.message) : plain.findings,
  }
}
