import { isSignatureTerm, termLabel } from '#shared/domain/index.ts'
import { nomogram, nomogramPoints, type Nomogram } from '#shared/statistics/nomogram/index.ts'
import { parseCombinedModel, predictCombined, type CombinedModel, type CombinedTerm, type DataRow } from '#shared/statistics/regression/index.ts'

export interface LiveModel { readonly model: CombinedModel; readonly nomogram: Nomogram | null }

/** The frozen model of the answer as something that can be computed with; the sentence that says why where it cannot. */
export function readModel(document: unknown): { readonly live: LiveModel } | { readonly problem: string } {
  const parsed = parseCombinedModel(document)
  if (!parsed.ok) return { problem: parsed.error.message }
  const drawn = nomogram(parsed.value)
  return { live: { model: parsed.value, nomogram: drawn.ok ? drawn.value : null } }
}

export interface Control { readonly term: string; readonly label: string; readonly kind: 'slider' | 'choice'; readonly min: number; readonly max: number; readonly step: number; readonly unit: string | undefined; readonly levels: readonly string[] }

/** A round step of about two hundredths of the range: 0.01, 0.1, 1, 5 ... */
function stepOf(range: number): number {
  const power = 10 ** Math.floor(Math.log10(range / 200))
  return [1, 2, 5, 10].map((m) => m * power).find((s) => range / s <= 220) ?? power * 10
}

/** What a person may turn: a number over its axis, a level of a factor. */
export function controlsOf(live: LiveModel): Control[] {
  return live.model.terms.map((t: CombinedTerm, i): Control => {
    if (t.kind === 'factor') return { term: t.name, label: termLabel(t.name), kind: 'choice', min: 0, max: 0, step: 1, unit: undefined, levels: t.levels }
    const values = live.nomogram?.predictors[i]?.ticks.flatMap((x) => (x.value === undefined ? [] : [x.value])) ?? [t.observed.minimum, t.observed.maximum]
    const min = Math.min(...values), max = Math.max(...values)
    return { term: t.name, label: termLabel(t.name), kind: 'slider', min, max, step: isSignatureTerm(t.name) ? 0.001 : stepOf(max - min), unit: t.unit, levels: [] }
  })
}

export interface Effect { readonly term: string; readonly label: string; readonly value: string; readonly points: number; readonly maximum: number }
export interface Reading { readonly probability: number; readonly ci95: readonly [number, number]; readonly positive: boolean | null; readonly total: number | null; readonly effects: readonly Effect[]; readonly extrapolated: readonly string[] }

const shown = (value: DataRow[string], unit: string | undefined): string => `${typeof value === 'number' ? String(Number(value.toFixed(3))) : String(value)}${unit === undefined ? '' : ` ${unit}`}`

/** The model's word on a row, with the points of each term, the most first; or the sentence that says what is missing. */
export function readRow(live: LiveModel, row: DataRow): { readonly reading: Reading } | { readonly problem: string } {
  const made = predictCombined(live.model, row)
  if (!made.ok) return { problem: made.error.message }
  const points = live.nomogram === null ? null : nomogramPoints(live.nomogram, row)
  const scored = points !== null && points.ok ? points.value : null
  const effects = live.model.terms.map((t, i): Effect => ({
    term: t.name, label: termLabel(t.name), value: shown(row[t.name], t.kind === 'numeric' ? t.unit : undefined), points: scored?.points[t.name] ?? 0, maximum: live.nomogram?.predictors[i]?.maximum ?? 0,
  }))
  return {
    reading: {
      probability: made.value.probability, ci95: [made.value.interval.lower, made.value.interval.upper], positive: made.value.positive ?? null, total: scored?.total ?? null,
      effects: [...effects].sort((a, b) => b.points - a.points), extrapolated: made.value.extrapolated.map(termLabel),
    },
  }
}

/** Whether a what-if differs from the case in a term of the model. */
export const differs = (live: LiveModel, a: DataRow, b: DataRow): boolean => live.model.terms.some((t) => (a[t.name] ?? null) !== (b[t.name] ?? null))

/** The value of an axis at a place of so many points: the nearest level, or the number there, rounded to the control's step. */
export function valueAt(live: LiveModel, term: string, points: number): string | number | null {
  const i = live.model.terms.findIndex((t) => t.name === term)
  const t = live.model.terms[i], axis = live.nomogram?.predictors[i]
  if (t === undefined || axis === undefined || live.nomogram === null) return null
  if (t.kind === 'factor') return axis.ticks.reduce((best, x) => (Math.abs(x.points - points) < Math.abs(best.points - points) ? x : best)).label
  if (t.coefficient === 0) return null
  const control = controlsOf(live)[i]
  const first = axis.ticks[0]
  if (control === undefined || first?.value === undefined) return null
  const value = first.value + (points - first.points) / (t.coefficient * live.nomogram.pointsPerUnit)
  return Number((Math.round(Math.min(control.max, Math.max(control.min, value)) / control.step) * control.step).toFixed(6))
}
