import type { CombinedOptions } from '#shared/contract/index.ts'
import { CLINICAL_VARIABLES, clinicalVariable, isSignatureTerm, networkTerm, SIGNATURE_TERM, termLabel } from '#shared/domain/index.ts'
import type { Term } from '#shared/statistics/regression/index.ts'
import { outOfFoldRuns, signatureModel, signatureNetworks } from '#main/database/queries/combined.ts'
import { caseModelRows, type CaseModelRow } from '#main/database/queries/inference.ts'
import type { OpenStudy } from '../context.ts'

/** A column of free text is no factor: more levels than this are not offered. */
const MOST_LEVELS = 8
const NUMBER = /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/

export type Variables = Readonly<Record<string, string>>
export interface StudyCase extends CaseModelRow { readonly values: Variables }
type Factor = CombinedOptions['factors'][number]

/** Every included case with its clinical values read. */
export const studyCases = (study: OpenStudy): StudyCase[] => caseModelRows(study.db.read).map((row) => ({ ...row, values: JSON.parse(row.variables) as Variables }))

const present = (v: string | undefined): v is string => v !== undefined && v !== ''

/** The clinical columns that may enter a model, the field's own first and in its order, then what else the manifest held. */
export function factorsOf(study: OpenStudy, cases: readonly StudyCase[]): Factor[] {
  const total = cases.length
  const known = (name: string): number => cases.reduce((n, c) => n + (present(c.values[name]) ? 1 : 0), 0)
  const fields = CLINICAL_VARIABLES.map((v): Factor => (v.kind === 'number'
    ? { name: v.name, label: v.label, kind: 'numeric', unit: v.unit, levels: [], known: known(v.name), total }
    : { name: v.name, label: v.label, kind: 'factor', unit: null, levels: [...v.levels], known: known(v.name), total }))
  const others = [...new Set(cases.flatMap((c) => Object.keys(c.values)))].filter((n) => clinicalVariable(n) === undefined && !isSignatureTerm(n) && n !== study.outcome.column).sort()
  const extra = others.flatMap((name): Factor[] => {
    const values = cases.map((c) => c.values[name]).filter(present), distinct = [...new Set(values)].sort()
    if (distinct.length < 2) return []
    if (distinct.length > 2 && values.every((v) => NUMBER.test(v))) return [{ name, label: name, kind: 'numeric', unit: null, levels: [], known: values.length, total }]
    return distinct.length <= MOST_LEVELS ? [{ name, label: name, kind: 'factor', unit: null, levels: distinct, known: values.length, total }] : []
  })
  return [...fields, ...extra].filter((f) => f.known > 0)
}

/** What may be predicted: the study's declared outcome, then every factor of two levels, whose second level counts as positive. */
export function outcomesOf(study: OpenStudy, cases: readonly StudyCase[], factors: readonly Factor[]): CombinedOptions['outcomes'] {
  const own = cases.filter((c) => c.outcome !== null)
  return [
    { column: study.outcome.column, label: study.outcome.label, positive: study.outcome.positive, known: own.length, positives: own.filter((c) => c.outcome === 1).length, ofStudy: true },
    ...factors.filter((f) => f.kind === 'factor' && f.levels.length === 2).map((f) => {
      const positive = f.levels[1] ?? ''
      return { column: f.name, label: `${f.label} ${positive}`, positive, known: f.known, positives: cases.filter((c) => c.values[f.name] === positive).length, ofStudy: false }
    }),
  ]
}

/** The DL signature and every other network that classified the study's cases. */
export function signaturesOf(study: OpenStudy): CombinedOptions['signatures'] {
  const main = signatureModel(study.db.read)?.model ?? null
  const runs = outOfFoldRuns(study.db.read)
  const seen = new Set<string>()
  const networks = signatureNetworks(study.db.read).filter((n) => !seen.has(n.model) && seen.add(n.model))
  return [...networks].sort((a, b) => Number(b.model === main) - Number(a.model === main)).map((n) => {
    const run = runs.find((r) => r.model === n.model)
    return {
      name: n.model === main ? SIGNATURE_TERM : networkTerm(n.model), label: termLabel(n.model === main ? SIGNATURE_TERM : networkTerm(n.model)), network: n.model, sha256: n.sha256, main: n.model === main, cases: n.cases,
      outOfFold: run === undefined ? null : { id: run.id, name: run.name, cases: run.cases, folds: run.folds },
    }
  })
}

export function termOf(name: string, factors: readonly Factor[]): Term | null {
  if (isSignatureTerm(name)) return { kind: 'numeric', name }
  const factor = factors.find((f) => f.name === name)
  if (factor === undefined) return null
  return factor.kind === 'numeric' ? { kind: 'numeric', name, ...(factor.unit === null ? {} : { unit: factor.unit }) } : { kind: 'factor', name, levels: factor.levels }
}
