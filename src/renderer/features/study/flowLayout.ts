import type { StudySummary } from '#shared/contract/index.ts'

export interface FlowBox { readonly id: string; readonly x: number; readonly y: number; readonly width: number; readonly height: number; readonly title: string; readonly count: number; readonly lines: readonly string[]; readonly kind: 'main' | 'excluded' | 'cohort' | 'waiting' }
export interface FlowLine { readonly id: string; readonly points: readonly (readonly [number, number])[]; readonly label: string | null }
export interface FlowLayout { readonly width: number; readonly height: number; readonly boxes: readonly FlowBox[]; readonly lines: readonly FlowLine[] }

const MAIN = 152, SIDE = 248, COHORT = 132, GAP = 24, ROW = 16, HEAD = 44, STEP = 32, BEND = 8
const UNASSIGNED = 'not in a cohort'
type Summary = Pick<StudySummary, 'flow' | 'cohortFlow' | 'cohorts'>
interface Hospital { readonly name: string; readonly included: number; readonly excluded: readonly { readonly reason: string; readonly cases: number }[]; readonly cohorts: readonly string[] }

const sum = (rows: readonly { readonly cases: number }[]): number => rows.reduce((n, r) => n + r.cases, 0)
const plural = (n: number): string => `${n} ${n === 1 ? 'case' : 'cases'}`

/** Each hospital with its own cohorts: a cohort fed by several hospitals stands under the one that gives it most. */
function hospitalsOf(summary: Summary): Hospital[] {
  const home = (cohort: string): string | undefined => summary.cohortFlow.filter((f) => (f.cohort ?? UNASSIGNED) === cohort).sort((a, b) => b.cases - a.cases)[0]?.hospital
  const names = [...summary.cohorts.map((c) => c.name), ...(summary.cohortFlow.some((f) => f.cohort === null) ? [UNASSIGNED] : [])]
  const all = [...new Set(summary.flow.map((f) => f.hospital))]
  return all.map((name, i) => {
    const of = summary.flow.filter((f) => f.hospital === name)
    return {
      name, included: sum(of.filter((f) => f.reason === null)), excluded: of.flatMap((f) => (f.reason === null ? [] : [{ reason: f.reason, cases: f.cases }])),
      cohorts: names.filter((c) => (home(c) ?? all[0]) === name || (i === 0 && home(c) === undefined)),
    }
  })
}

/** The flow of cases as a diagram: all cases, then by hospital what was excluded and why, then the cohorts. Coordinates in px from the upper left. */
export function flowLayout(summary: Summary): FlowLayout {
  const hospitals = hospitalsOf(summary)
  const boxes: FlowBox[] = []
  const lines: FlowLine[] = []
  const sideHeight = (h: Hospital): number => 28 + ROW * h.excluded.length
  const hospitalTop = HEAD + STEP, sideTop = hospitalTop + HEAD + 16
  const includedTop = sideTop + Math.max(8, ...hospitals.filter((h) => h.excluded.length > 0).map(sideHeight)) + 16
  const cohortTop = includedTop + HEAD + STEP + BEND * hospitals.length
  const below = new Map<string, { x: number; middle: number }>()
  const centre = new Map<string, number>()
  let x = 0
  for (const h of hospitals) {
    const cohortsWidth = h.cohorts.length * COHORT + Math.max(0, h.cohorts.length - 1) * GAP
    // The side box hangs to the right of the middle line; the column is as wide as its widest part.
    const half = Math.max(MAIN, cohortsWidth) / 2
    const middle = x + half
    const right = Math.max(half, h.excluded.length > 0 ? GAP + SIDE : 0)
    centre.set(h.name, middle)
    const title = h.name === 'not stated' ? 'Hospital not stated' : `Hospital ${h.name}`
    const total = h.included + sum(h.excluded)
    boxes.push({ id: `hospital ${h.name}`, x: middle - MAIN / 2, y: hospitalTop, width: MAIN, height: HEAD, title, count: total, lines: [], kind: 'main' })
    boxes.push({ id: `included ${h.name}`, x: middle - MAIN / 2, y: includedTop, width: MAIN, height: HEAD, title: 'Included', count: h.included, lines: [], kind: 'main' })
    lines.push({ id: `down ${h.name}`, label: null, points: [[middle, hospitalTop + HEAD], [middle, includedTop]] })
    if (h.excluded.length > 0) {
      boxes.push({ id: `excluded ${h.name}`, x: middle + GAP, y: sideTop, width: SIDE, height: sideHeight(h), title: 'Excluded', count: sum(h.excluded), lines: h.excluded.map((e) => `${e.reason}: ${e.cases}`), kind: 'excluded' })
      lines.push({ id: `out ${h.name}`, label: null, points: [[middle, sideTop + 14], [middle + GAP, sideTop + 14]] })
    }
    h.cohorts.forEach((name, i) => below.set(name, { x: middle - cohortsWidth / 2 + i * (COHORT + GAP), middle: middle - cohortsWidth / 2 + i * (COHORT + GAP) + COHORT / 2 }))
    x = middle + right + GAP
  }
  const width = Math.max(MAIN, x - GAP)
  const middles = [...centre.values()]
  const top = middles.length === 0 ? width / 2 : ((middles[0] ?? 0) + (middles.at(-1) ?? 0)) / 2
  boxes.push({ id: 'all', x: top - MAIN / 2, y: 0, width: MAIN, height: HEAD, title: 'All cases', count: sum(summary.flow), lines: [], kind: 'main' })
  for (const [name, middle] of centre) lines.push({ id: `all ${name}`, label: null, points: [[top, HEAD], [top, HEAD + STEP / 2], [middle, HEAD + STEP / 2], [middle, hospitalTop]] })
  for (const [name, place] of below) {
    const from = summary.cohortFlow.filter((f) => (f.cohort ?? UNASSIGNED) === name)
    const role = summary.cohorts.find((c) => c.name === name)?.role
    boxes.push({ id: `cohort ${name}`, x: place.x, y: cohortTop, width: COHORT, height: HEAD + ROW, title: name, count: sum(from), lines: role === undefined ? ['no cohort given yet'] : [`used to ${role}`], kind: role === undefined ? 'waiting' : 'cohort' })
    from.forEach((f, k) => {
      // Every hospital bends at a height of its own, so that lines which cross do not seem to join.
      const bend = includedTop + HEAD + STEP / 2 + BEND * hospitals.findIndex((h) => h.name === f.hospital)
      const end = place.x + (COHORT * (k + 1)) / (from.length + 1)
      lines.push({ id: `to ${f.hospital} ${name}`, label: from.length > 1 ? String(f.cases) : null, points: [[centre.get(f.hospital) ?? top, includedTop + HEAD], [centre.get(f.hospital) ?? top, bend], [end, bend], [end, cohortTop]] })
    })
  }
  return { width, height: cohortTop + HEAD + ROW, boxes, lines }
}

/** The diagram in words, for those who do not see it. */
export const flowText = (summary: Pick<StudySummary, 'flow' | 'cohorts'>): string =>
  [...new Set(summary.flow.map((f) => f.hospital))].map((h) => {
    const of = summary.flow.filter((f) => f.hospital === h)
    const out = of.filter((f) => f.reason !== null)
    const inside = of.filter((f) => f.reason === null).reduce((n, f) => n + f.cases, 0)
    return `Hospital ${h}: ${plural(inside)} included${out.length === 0 ? '' : `, excluded ${out.map((f) => `${f.cases} for ${f.reason ?? ''}`).join(', ')}`}.`
  }).join(' ')
