import type { AgreementReport, AgreementRow, MaskPair, Rater } from '#shared/contract/index.ts'
import { calibrationOfFrame, type Calibration } from '#shared/geometry/index.ts'
import { newestDrawings, newestWithoutTask, type DrawingRow } from '#main/database/queries/annotations.ts'
import type { OpenStudy } from '../context.ts'
import { loadMask } from '../masks.ts'
import { agreementRowOf, type ComparedPair, type RowHead } from './agreementRow.ts'
import { compareMasks, lesionSize, type LesionSize } from './compareMasks.ts'

const IMPORTED = 'imported'
const keyOf = (d: DrawingRow): string => (d.purpose === IMPORTED ? IMPORTED : `${d.account_id ?? ''}/${d.round}${d.shown === null ? '' : '/shown'}`)
const nameOf = (d: DrawingRow): string => (d.purpose === IMPORTED ? 'Imported masks' : `${d.name}${d.round === 1 ? '' : `, round ${d.round}`}${d.shown === null ? '' : ', not blind'}`)

/** What never changes for two stored masks, kept while the study is open: masks are immutable. */
interface Known { readonly pairs: Map<string, MaskPair>; readonly sizes: Map<string, LesionSize | null> }
const known = new WeakMap<OpenStudy, Known>()
const knownOf = (study: OpenStudy): Known => {
  const found = known.get(study) ?? { pairs: new Map(), sizes: new Map() }
  known.set(study, found)
  return found
}

/** Lets calls of others in between comparisons, so that nobody waits for a report. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const SLICE_MS = 20

export interface PairOfRaters { readonly kind: AgreementRow['kind']; readonly a: string; readonly b: string; readonly blind: boolean }

/**
 * Which readings are compared: a person's repeats with that person's first drawings (intra), first drawings of two persons (inter),
 * first drawings with imported masks (reference). Drawings that were not blind (something was shown, or the person sees everything) are raters of their own: a person is not compared with the same person's under the name of another.
 */
export function pairsOfRaters(raters: readonly Rater[]): PairOfRaters[] {
  const people = raters.filter((r) => r.accountId !== null)
  const first = people.filter((r) => r.round === 1)
  const pair = (kind: PairOfRaters['kind'], a: Rater, b: Rater): PairOfRaters => ({ kind, a: a.key, b: b.key, blind: a.blind && b.blind })
  const intra = people.filter((r) => r.round > 1).flatMap((r) => first.filter((f) => f.accountId === r.accountId).map((f) => pair('intra', f, r)))
  const inter = first.flatMap((a, i) => first.slice(i + 1).filter((b) => b.accountId !== a.accountId).map((b) => pair('inter', a, b)))
  const imported = raters.find((r) => r.key === IMPORTED)
  const reference = imported === undefined ? [] : first.map((a) => pair('reference', a, imported))
  return [...intra, ...inter, ...reference]
}

function ratersOf(drawings: readonly DrawingRow[]): Rater[] {
  const found = new Map<string, Rater>()
  for (const d of drawings) {
    const key = keyOf(d)
    const one = found.get(key) ?? { key, name: nameOf(d), accountId: d.purpose === IMPORTED ? null : d.account_id, round: d.round, drawings: 0, blind: d.shown === null }
    found.set(key, { ...one, drawings: one.drawings + 1 })
  }
  return [...found.values()].sort((x, y) => Number(x.accountId === null) - Number(y.accountId === null) || Number(y.blind) - Number(x.blind) || x.name.localeCompare(y.name) || x.round - y.round)
}

/** Comparisons of a study, computed once and a few milliseconds at a time. */
export function createComparer(study: OpenStudy): { compare(a: DrawingRow, b: DrawingRow): Promise<ComparedPair> } {
  const { pairs, sizes } = knownOf(study)
  let since = performance.now()
  const size = (d: DrawingRow, calibration: Calibration): LesionSize | null => {
    const key = `${d.mask} ${d.frame} ${d.calibration}`
    let value = sizes.get(key)
    if (value === undefined) sizes.set(key, value = lesionSize(loadMask(study, d.mask), calibration))
    return value
  }
  return {
    async compare(a, b) {
      if (performance.now() - since > SLICE_MS) {
        await breathe()
        since = performance.now()
      }
      const calibration = calibrationOfFrame(JSON.parse(a.calibration) as Calibration, a.frame)
      const key = `${a.mask} ${b.mask} ${a.frame} ${a.calibration}`
      let pair = pairs.get(key)
      if (pair === undefined) pairs.set(key, pair = compareMasks(loadMask(study, a.mask), loadMask(study, b.mask), calibration))
      return { caseId: a.case_id, label: a.label, imageId: a.image_id, a: a.id, b: b.id, raters: `${nameOf(a)} and ${nameOf(b)}`, raterA: keyOf(a), raterB: keyOf(b), pair, sizeA: size(a, calibration), sizeB: size(b, calibration) }
    },
  }
}

const KINDS = ['intra', 'inter', 'reference'] as const
const OVERALL: Readonly<Record<AgreementRow['kind'], string>> = { intra: 'All repeats', inter: 'All pairs of annotators', reference: 'All against imported' }

/** The agreement of everything drawn so far (or in one cohort). */
export async function agreementReport(study: OpenStudy, cohort: string | null): Promise<AgreementReport> {
  const drawings = [...newestDrawings(study.db.read, cohort), ...newestWithoutTask(study.db.read, IMPORTED, cohort)]
  const raters = ratersOf(drawings)
  const byRater = new Map(raters.map((r) => [r.key, new Map(drawings.filter((d) => keyOf(d) === r.key).map((d) => [d.image_id, d]))]))
  const nameByKey = new Map(raters.map((r) => [r.key, r.name]))
  const { compare } = createComparer(study)
  const rows: AgreementRow[] = []
  const pooled = new Map<AgreementRow['kind'], ComparedPair[]>()
  for (const { kind, a, b, blind } of pairsOfRaters(raters)) {
    const both: ComparedPair[] = []
    let otherFrame = 0
    for (const [image, first] of byRater.get(a) ?? []) {
      const second = byRater.get(b)?.get(image)
      if (second === undefined) continue
      if (first.frame !== second.frame) otherFrame++
      else both.push(await compare(first, second))
    }
    if (both.length === 0) continue
    const head: RowHead = { id: `${a} ${b}`, kind, overall: false, blind, title: `${nameByKey.get(a) ?? ''} and ${nameByKey.get(b) ?? ''}`, note: otherFrame === 0 ? '' : `${otherFrame} drawn on different frames are left out` }
    rows.push(agreementRowOf(head, both))
    if (blind) pooled.set(kind, [...(pooled.get(kind) ?? []), ...both])
  }
  const overall = [...pooled].filter(([kind]) => rows.filter((r) => r.kind === kind && r.blind).length > 1).map(([kind, pairs]) =>
    agreementRowOf({ id: `overall-${kind}`, kind, overall: true, blind: true, title: OVERALL[kind], note: '' }, pairs))
  // Each kind's overall row stands before its pairs and blind pairs before the others, so that the first of a kind is the one to report.
  const ordered = KINDS.flatMap((kind) => [...overall, ...rows.filter((r) => r.blind), ...rows.filter((r) => !r.blind)].filter((r) => r.kind === kind))
  const images = new Map<string, Set<string>>()
  for (const d of drawings) if (d.purpose === 'drawn' && d.round === 1 && d.area_px > 0 && d.shown === null) images.set(d.image_id, (images.get(d.image_id) ?? new Set()).add(d.account_id ?? ''))
  return {
    raters, rows: ordered, sentence: sentenceOf(ordered),
    consensus: { possible: [...images.values()].filter((s) => s.size > 1).length, stored: newestWithoutTask(study.db.read, 'consensus', cohort).length, notBlind: drawings.filter((d) => d.shown !== null && d.round === 1 && d.area_px > 0).length },
  }
}

const f2 = (v: number | null): string => (v === null ? 'not defined' : v.toFixed(2))
const f3 = (v: number | null): string => (v === null ? 'not defined' : v.toFixed(3))

/** What a paper would print: one clause a kind. */
export function sentenceOf(rows: readonly AgreementRow[]): string {
  const words = { intra: 'Intra-rater agreement', inter: 'Inter-rater agreement', reference: 'Agreement with the imported masks' } as const
  return rows.filter((r, i) => rows.findIndex((o) => o.kind === r.kind) === i).map((r) => {
    const area = r.measures.find((m) => m.measure === 'area')
    const iccText = area?.icc == null ? '' : `; ICC(A,1) of area ${f3(area.icc.estimate)} (95 % CI ${f3(area.icc.lower)} to ${f3(area.icc.upper)})`
    return `${words[r.kind]} on ${r.n} ${r.n === 1 ? 'image' : 'images'}${r.blind ? '' : ' (not drawn blind)'}: mean Dice ${f3(r.dice.mean)}${r.dice.ci95 === null ? '' : ` (95 % CI ${f3(r.dice.ci95[0])} to ${f3(r.dice.ci95[1])})`}, HD95 ${f2(r.hd95.mean)} ${r.unit}, ASD ${f2(r.asd.mean)} ${r.unit}${iccText}.`
  }).join(' ')
}
