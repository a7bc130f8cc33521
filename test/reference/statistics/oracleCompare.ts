import type { Json } from '#shared/statistics/analyze/index.ts'

/** Explanations, R's own warnings and the values of other programs beside the agreed one: nothing to agree with. */
const notCompared = /^(pROC_.*|psych_ICC|vcd|note|rule|method|order|formula|complete_case_over|selected_rule|mean_rule|warnings.*|difference|rms_val_prob.*|lowess_.*|error|oracle_error|converged_r_default|type)$/
/**
 * Figures we do not give, compared as soon as they are there: Fisher's odds ratio (the p is given); a likelihood-ratio p without degrees of freedom (R: 1);
 * Hosmer-Lemeshow's p for fewer than 3 groups, which we call undefined.
 */
const mayBeAbsent = /^(fisher_or_cmle|lr_p|p_external)$/
/** All that counts of a model whose estimates are artefacts of the iteration (separation). */
const onlyThese = new Set(['separation', 'comparable', 'n', 'events', 'firth'])
/** What names a row in lists of records, so that an order of rows is no difference. */
const rowNames = ['id', 'test', 'reader', 'term', 'column', 'group_a', 'group_b', 'a', 'b', 'level', 'value', 'focus', 'from', 'to', 'step'] as const

/** Differences of a result from a reference, each with its path. Every number of the reference is compared unless it is listed above. */
export function differences(expected: Json, actual: Json | undefined, path = ''): { wrong: string[]; compared: number } {
  const wrong: string[] = []
  let compared = 0
  const visit = (e: Json, a: Json | undefined, at: string): void => {
    if (e === null || typeof e !== 'object') {
      // A null of the reference is an undefined figure: ours may say so by leaving it out, or by null.
      compared++
      if (e === null ? a !== undefined && a !== null : !equal(at, e, a)) wrong.push(`${at} is ${JSON.stringify(a)}, R says ${JSON.stringify(e)}`)
    } else if (Array.isArray(e)) {
      if (!Array.isArray(a) || a.length !== e.length) wrong.push(`${at} should be a list of ${e.length}`)
      else e.forEach((x, i) => visit(x, matching(e, x, a, i), `${at}[${i}]`))
    } else if (a === null || typeof a !== 'object' || Array.isArray(a)) wrong.push(`${at} is ${JSON.stringify(a)}, an object is needed`)
    else {
      for (const [key, value] of Object.entries(e)) {
        if (mayBeAbsent.test(key) && a[key] === undefined) continue
        if (!notCompared.test(key) && (e.comparable !== false || onlyThese.has(key))) visit(value, a[key], `${at}.${key}`)
      }
    }
  }
  visit(expected, actual, path)
  return { wrong, compared }
}

function matching(list: readonly Json[], row: Json, actual: readonly Json[], i: number): Json | undefined {
  if (row === null || typeof row !== 'object' || Array.isArray(row)) return actual[i]
  const names = rowNames.filter((n) => n in row)
  const same = (a: Json): boolean => a !== null && typeof a === 'object' && !Array.isArray(a) && names.every((n) => String(a[n]) === String(row[n]))
  const unique = names.length > 0 && list.filter((r) => r !== null && typeof r === 'object' && !Array.isArray(r) && names.every((n) => r[n] === row[n])).length === 1
  return unique ? actual.find(same) : actual[i]
}

const number = (v: Json | undefined): number | undefined => (typeof v === 'number' ? v : v === 'Inf' ? Infinity : v === '-Inf' ? -Infinity : undefined)

/** Suggested tolerances of the reference: 1e-6 for fitted models and their p, 1e-3 of the logarithm for p below 1e-12, 1e-4 for the Shapiro-Wilk p. */
function equal(path: string, e: Json, a: Json | undefined): boolean {
  const x = number(e), y = number(a)
  if (x === undefined || y === undefined) return e === a
  if (x === y) return true
  if (!Number.isFinite(x) || !Number.isFinite(y)) return false
  if (/(^|[._])p(_[a-z0-9]+)*$/.test(path) && x > 0 && x < 1e-12) return y >= 0 && y < 1e-11 && (y === 0 || Math.abs(Math.log(y / x)) <= 1e-3 * Math.abs(Math.log(x)))
  return Math.abs(x - y) <= 1e-9 + (path.endsWith('shapiro_p') ? 1e-4 : 1e-6) * Math.abs(x)
}
