import { createRandom, ok } from '#shared/lib/index.ts'
import { accuracyScores } from '../calibration/index.ts'
import { fail, standardDeviation, type StatisticsResult } from '../core/index.ts'
import { completeCases, type MissingCount, type Term } from '../regression/index.ts'
import { adjustP, compareAucs, estimateAuc } from '../roc/index.ts'
import {
  boostedLearner, chooseCandidate, forestLearner, logisticLearner, nestedCrossValidation, permutationImportance, type FittedLearner, type LearnerFamily, type NestedFamilyResult, type PermutationImportance,
} from '../trees/index.ts'
import { rocPoints, unitOfRows } from './evaluateModel.ts'
import { oneOrNull } from './finite.ts'
import { rowsFor, type BuilderRow, type BuilderSpec } from './spec.ts'

export interface ComparisonSpec extends Pick<BuilderSpec, 'outcome' | 'cohorts' | 'seed'> {
  /** The clinical factors that every family may use. */
  readonly terms: readonly Term[]
  readonly outerFolds: number
  readonly innerFolds: number
  readonly repeats: number
}

/** AUC of one family's probabilities on some rows. */
export interface FamilyFigure {
  readonly cohort: string
  readonly label: string
  readonly n: number
  readonly events: number
  readonly auc: number | null
  readonly ci95: readonly [number, number] | null
  readonly logLoss: number | null
  readonly brier: number | null
  readonly roc: readonly { readonly x: number; readonly y: number }[]
  /** Against logistic regression on the same rows (DeLong), p corrected over the families (Holm); null for itself. */
  readonly againstLogistic: { readonly difference: number; readonly p: number | null; readonly pHolm: number | null } | null
}

/** One kind of model: by cross-validation on the fitting rows, and fitted on all of them on each other cohort. */
export interface FamilyComparison {
  readonly name: string
  readonly settings: readonly string[]
  /** Out-of-fold probabilities of the fitting rows. */
  readonly crossValidated: FamilyFigure
  readonly meanFoldAuc: number | null
  readonly sdFoldAuc: number | null
  readonly chosen: readonly { readonly name: string; readonly folds: number }[]
  /** The settings chosen by cross-validation of all fitting rows, which the other cohorts are predicted with. */
  readonly final: string
  readonly cohorts: readonly FamilyFigure[]
  /** Loss of AUC by shuffling a factor, on the rows of `importanceOn`. */
  readonly importance: readonly PermutationImportance[]
  readonly importanceOn: string
  readonly findings: readonly string[]
}

export interface LearnerComparison {
  readonly method: string
  readonly outcome: string
  readonly terms: readonly string[]
  readonly n: number
  readonly events: number
  readonly missing: MissingCount
  readonly families: readonly FamilyComparison[]
}

/** The three kinds with the settings they choose among, simpler ones first. */
export const clinicalFamilies = (terms: readonly Term[]): LearnerFamily[] => [
  { name: 'Logistic regression', candidates: [logisticLearner(terms, { selection: 'backward' }), logisticLearner(terms)] },
  { name: 'Random forest', candidates: [20, 10, 5].map((minLeafRows) => forestLearner(terms, { trees: 200, minLeafRows })) },
  { name: 'Boosted trees', candidates: [[40, 1], [80, 2], [80, 3]].map(([rounds, maxDepth]) => boostedLearner(terms, { rounds: rounds!, maxDepth: maxDepth!, learningRate: 0.1 })) },
]

interface Scored { readonly cohort: string; readonly label: string; readonly rows: readonly BuilderRow[]; readonly y: readonly number[]; readonly p: ArrayLike<number> }

function figureOf({ cohort, label, rows, y, p }: Scored): FamilyFigure {
  const area = estimateAuc(y, p, unitOfRows(rows)), scores = y.length === 0 ? null : accuracyScores(y, p)
  return {
    cohort, label, n: y.length, events: y.reduce((s, v) => s + v, 0), auc: area.ok ? area.value.auc : null, ci95: area.ok && area.value.informative ? [area.value.interval.lower, area.value.interval.upper] : null,
    logLoss: oneOrNull(scores?.logLoss), brier: oneOrNull(scores?.brier), roc: rocPoints(y, p), againstLogistic: null,
  }
}

/** The same figures with each family's difference from the first one, on the same rows. */
function against(scored: readonly Scored[]): FamilyFigure[] {
  const tests = scored.map((s, i) => (i === 0 ? null : compareAucs(s.y, s.p, scored[0]!.p, unitOfRows(s.rows))))
  const adjusted = adjustP(tests.map((t) => (t?.ok === true ? t.value.p : null)), 'holm')
  return scored.map((s, i) => {
    const test = tests[i]
    return { ...figureOf(s), againstLogistic: test?.ok === true ? { difference: test.value.difference, p: oneOrNull(test.value.p), pHolm: oneOrNull(adjusted[i]) } : null }
  })
}

function counted(names: readonly string[]): { name: string; folds: number }[] {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].map(([name, folds]) => ({ name, folds })).sort((a, b) => b.folds - a.folds)
}

interface Final { readonly name: string; readonly model: FittedLearner }

/** Each family's settings chosen by cross-validation of all fitting rows, and fitted on all of them. */
function finalFits(families: readonly LearnerFamily[], fitting: readonly BuilderRow[], spec: ComparisonSpec): StatisticsResult<Final[]> {
  const values = fitting.map((r) => r.values), y = Float64Array.from(values, (v) => Number(v[spec.outcome])), random = createRandom(spec.seed).fork('final')
  const data = { rows: values, y, patients: fitting.map((r) => r.patient), outcome: spec.outcome, innerFolds: spec.innerFolds, chooseBy: 'logLoss' as const }
  const out: Final[] = []
  for (const family of families) {
    const choice = chooseCandidate(family.candidates, data, values.map((_, i) => i), random.fork('choice'))
    if (!choice.ok) return choice
    const model = choice.value.learner.fit(values, spec.outcome, random.fork(family.name))
    if (!model.ok) return model
    out.push({ name: choice.value.learner.name, model: model.value })
  }
  return ok(out)
}

/**
 * Logistic regression, random forest and boosted trees on the clinical factors, side by side: nested cross-validation on the fitting rows with the same
 * folds for all, then each fitted on all fitting rows and measured on the other cohorts. Deterministic for a seed.
 * @returns `bad_task` without factors or fitting rows; the failures of `nestedCrossValidation`
 */
export function compareLearners(rows: readonly BuilderRow[], spec: ComparisonSpec, progress: (done: number, total: number, what: string) => void = () => undefined): StatisticsResult<LearnerComparison> {
  if (spec.terms.length === 0) return fail('bad_task', 'Choose at least one clinical factor to compare models on.')
  const all = rowsFor(rows, spec, 'fit')
  if (all.length === 0) return fail('bad_task', 'There are no rows to fit on: no cohort has the role "fit".')
  const complete = completeCases(all.map((r) => r.values), spec.outcome, spec.terms)
  if (!complete.ok) return complete
  const fitting = complete.value.index.map((i) => all[i]!)
  const families = clinicalFamilies(spec.terms)
  const fits = spec.outerFolds * spec.repeats * families.length, total = fits + families.length
  const nested = nestedCrossValidation(fitting.map((r) => ({ ...r.values, '\0patient': r.patient })), {
    outcome: spec.outcome, patient: '\0patient', families, seed: spec.seed, outerFolds: spec.outerFolds, innerFolds: spec.innerFolds, repeats: spec.repeats, onFit: (done, _of, family) => progress(done, total, family),
  })
  if (!nested.ok) return nested
  progress(fits, total, 'fitting on all rows')
  const finals = finalFits(families, fitting, spec)
  if (!finals.ok) return finals
  progress(fits + 1, total, 'measuring the other cohorts')
  const y = fitting.map((r) => Number(r.values[spec.outcome]))
  const crossValidated = against(nested.value.families.map((f) => ({ cohort: 'cross-validation', label: 'out-of-fold probabilities of the fitting rows', rows: fitting, y, p: f.outOfFold })))
  const others = spec.cohorts.filter((c) => c.use === 'evaluate').map(({ name, note }) => {
    const own = rows.filter((r) => r.cohort === name), usable = completeCases(own.map((r) => r.values), spec.outcome, spec.terms)
    const kept = usable.ok ? usable.value.index.map((i) => own[i]!) : []
    const scored = finals.value.flatMap((f): Scored[] => {
      const p = f.model.predict(kept.map((r) => r.values))
      return p.ok && kept.length > 0 ? [{ cohort: name, label: note, rows: kept, y: kept.map((r) => Number(r.values[spec.outcome])), p: p.value }] : []
    })
    return { name, rows: kept, figures: scored.length === finals.value.length ? against(scored) : [] }
  })
  const judged = others.find((o) => o.figures.length > 0)
  return ok({
    method: nested.value.method.replace('\0patient', 'patient'), outcome: spec.outcome, terms: spec.terms.map((t) => t.name), n: y.length, events: y.reduce((s, v) => s + v, 0), missing: complete.value.missing,
    families: nested.value.families.map((family, i) => familyOf(family, families[i]!, finals.value[i]!, crossValidated[i]!, others.flatMap((o) => o.figures[i] ?? []), spec, judged)),
  })
}

function familyOf(
  family: NestedFamilyResult, candidates: LearnerFamily, final: Final, crossValidated: FamilyFigure, cohorts: readonly FamilyFigure[], spec: ComparisonSpec, judged: { readonly name: string; readonly rows: readonly BuilderRow[] } | undefined,
): FamilyComparison {
  const aucs = family.folds.map((f) => f.auc).filter(Number.isFinite)
  const importance = judged === undefined ? null : permutationImportance(judged.rows.map((r) => r.values), (r) => final.model.predict(r), { outcome: spec.outcome, terms: spec.terms, seed: spec.seed, repeats: 10 })
  return {
    name: family.name, settings: candidates.candidates.map((c) => c.name), crossValidated, meanFoldAuc: oneOrNull(family.meanFoldAuc), sdFoldAuc: aucs.length > 1 ? oneOrNull(standardDeviation(aucs)) : null,
    chosen: counted(family.folds.map((f) => f.chosen)), final: final.name, cohorts, importance: importance?.ok === true ? importance.value : [], importanceOn: judged?.name ?? '',
    findings: [...new Set([...family.folds.flatMap((f) => f.findings), ...final.model.findings])],
  }
}
