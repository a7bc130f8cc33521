import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drawnStudy, ellipse, type DrawnStudy } from '#test/support/drawnStudy.ts'
import { temporary } from '#test/support/studies.ts'
import { decodeMask, maskFromText, type RleMask } from '#shared/geometry/index.ts'
import { unwrap } from '#shared/lib/index.ts'
import { icc } from '#shared/statistics/agreement/index.ts'
import { maskAgreement } from '#shared/statistics/masks/index.ts'
import { verifyStudy } from '#main/services/study/verify.ts'

const DAY = 86_400_000
const home = temporary('agreement')
let s: DrawnStudy
beforeAll(async () => {
  s = await drawnStudy(home.path, 6)
})
afterAll(async () => {
  await s?.close()
  home.remove()
})

/** Each case has its own lesion; ben draws it two pixels to the right, ana's repeat one pixel lower. */
const lesion = (label: string, dx = 0, dy = 0): RleMask => {
  const k = Number(label.slice(1))
  return ellipse(30 + dx, 28 + dy, 8 + 2 * k, 6 + k)
}
const tasksOf = async (who: 'ana' | 'ben') => (await s.as(who, 'annotation.tasks', {})).tasks

describe('assignment', () => {
  test('a cohort goes to an annotator once; a second call adds nothing', async () => {
    expect(await s.as('investigator', 'annotation.assign', { accountId: s.ids.ana, cohort: 'train' })).toMatchObject({ created: 3, cases: 3 })
    expect(await s.as('investigator', 'annotation.assign', { accountId: s.ids.ana })).toMatchObject({ created: 3, cases: 3 })
    expect(await s.as('investigator', 'annotation.assign', { accountId: s.ids.ana })).toMatchObject({ created: 0, cases: 0 })
    expect((await tasksOf('ana')).map((t) => t.number)).toEqual([1, 2, 3, 4, 5, 6])
  })
  test('nothing drawn yet: nothing to repeat', async () => {
    expect((await s.fails('investigator', 'annotation.assignRepeat', { accountId: s.ids.ana })).code).toBe('not_ready')
  })
  test('pictures that come next are handed out ahead, by the same address as when they are opened', async () => {
    const tasks = await tasksOf('ana')
    const first = await s.as('ana', 'annotation.open', { taskId: tasks[0]?.id ?? '' })
    const second = await s.as('ana', 'annotation.open', { taskId: tasks[1]?.id ?? '' })
    expect(first.preload).toContain(second.imageUrl)
    expect(second.preload).toContain(first.imageUrl)
    expect(second.frameUrls).toEqual([second.imageUrl])
  })
  test('five of six are drawn; a repeat of four is seeded, locked for its washout, and goes to the second annotator as well', async () => {
    for (const task of (await tasksOf('ana')).filter((t) => s.caseOf(t.id).label !== 'C4')) await s.draw('ana', task.id, lesion(s.caseOf(task.id).label))
    s.clock.at = new Date(s.clock.at.getTime() + 2 * DAY)
    const made = await s.as('investigator', 'annotation.assignRepeat', { accountId: s.ids.ana, secondAccountId: s.ids.ben, size: 4, seed: 7 })
    expect(made).toMatchObject({ chosen: 4, drawn: 5, repeats: 4, seconds: 4, round: 2, opensFrom: '2026-03-16T09:00:00.000Z' })
    const again = (await tasksOf('ana')).filter((t) => t.round === 2)
    const ben = await tasksOf('ben')
    expect(again.map((t) => s.caseOf(t.id).label).sort()).toEqual(ben.map((t) => s.caseOf(t.id).label).sort())
    expect((await s.fails('ana', 'annotation.open', { taskId: again[0]?.id ?? '' })).code).toBe('washout')
    for (const task of ben) await s.draw('ben', task.id, lesion(s.caseOf(task.id).label, 2))
    s.clock.at = new Date(s.clock.at.getTime() + 12 * DAY)
    for (const task of again) {
      await s.as('ana', 'annotation.open', { taskId: task.id })
      await s.draw('ana', task.id, lesion(s.caseOf(task.id).label, 0, 1))
    }
  })
  test('the same seed chooses the same cases', async () => {
    const labels = async (round: number) => (await tasksOf('ana')).filter((t) => t.round === round).map((t) => s.caseOf(t.id).label).sort()
    await s.as('investigator', 'annotation.assignRepeat', { accountId: s.ids.ana, size: 4, seed: 7 })
    expect(await labels(3)).toEqual(await labels(2))
  })
  test('progress and flags are listed', async () => {
    const left = (await tasksOf('ana')).find((t) => s.caseOf(t.id).label === 'C4')
    await s.as('ana', 'annotation.flag', { taskId: left?.id ?? '', flag: 'question', comment: 'two shadows' })
    const o = await s.as('investigator', 'annotation.overview', {})
    expect(o.annotators.find((a) => a.login === 'ana')?.rounds.map((r) => [r.round, r.total, r.drawn, r.flagged, r.locked])).toEqual([[1, 6, 5, 1, 0], [2, 4, 4, 0, 0], [3, 4, 0, 0, 4]])
    expect(o.annotators.find((a) => a.login === 'ana')?.rounds[0]?.activeSeconds).toBeCloseTo(62.5)
    expect(o.flags).toMatchObject([{ label: 'C4', annotator: 'Ana', round: 1, flag: 'question', comment: 'two shadows' }])
    await s.as('ana', 'annotation.flag', { taskId: left?.id ?? '', flag: null, comment: '' })
    expect((await s.as('investigator', 'annotation.overview', {})).flags).toEqual([])
  })
})

describe('the report', () => {
  test('is that of the statistics on the whole pictures', async () => {
    const report = await s.as('investigator', 'annotation.agreement', {})
    const inter = report.rows.find((r) => r.kind === 'inter')
    const intra = report.rows.find((r) => r.kind === 'intra')
    expect([inter?.n, intra?.n, report.rows.length]).toEqual([4, 4, 2])
    const labels = [...new Set(inter?.worst.map((w) => w.label))]
    const whole = (label: string) => {
      const unit = label === 'C5' ? { row: 1, column: 1, unit: 'px' as const } : { row: 0.2, column: 0.1, unit: 'mm' as const }
      const dense = (m: RleMask) => ({ width: m.width, height: m.height, data: decodeMask(m) })
      return unwrap(maskAgreement(dense(lesion(label)), dense(lesion(label, 2)), unit))
    }
    for (const w of inter?.worst ?? []) {
      expect(w.dice).toBeCloseTo(whole(w.label).dice as number, 12)
      expect(w.hd95).toBeCloseTo(whole(w.label).distances?.hd95.maxOfDirected as number, 12)
      expect(w.asd).toBeCloseTo(whole(w.label).distances?.assd.meanOfDirected as number, 12)
    }
    expect(inter?.dice.mean).toBeCloseTo(labels.reduce((sum, l) => sum + (whole(l).dice as number), 0) / labels.length, 12)
    expect(inter?.unit).toBe('mm')
    const calibrated = labels.filter((l) => l !== 'C5')
    expect(inter?.hd95.n).toBe(calibrated.length)
    const area = inter?.measures.find((m) => m.measure === 'area')
    expect([area?.unit, area?.n]).toEqual(['mm²', calibrated.length])
    const mm2 = (m: RleMask) => decodeMask(m).reduce((a, b) => a + b, 0) * 0.02
    const rows = (area?.points ?? []).map((p) => [mm2(lesion(p.label)), mm2(lesion(p.label, 2))])
    expect(area?.icc?.estimate).toBeCloseTo(unwrap(icc(rows)).forms['ICC(2,1)'].estimate, 10)
    expect(intra?.dice.mean).toBeGreaterThan(inter?.dice.mean ?? 1)
    expect(report.sentence).toContain('Inter-rater agreement on 4 images: mean Dice')
  })
  test('worst first, and each is one call away', async () => {
    const inter = (await s.as('investigator', 'annotation.agreement', {})).rows.find((r) => r.kind === 'inter')
    const dices = inter?.worst.map((w) => w.dice ?? 0) ?? []
    expect(dices).toEqual([...dices].sort((a, b) => a - b))
    const worst = inter?.worst[0]
    const shown = await s.as('investigator', 'annotation.compare', { a: worst?.a ?? '', b: worst?.b ?? '' })
    expect(shown).toMatchObject({ dice: worst?.dice, hd95: worst?.hd95, unit: worst?.unit, width: 80, height: 60, a: { title: 'Ana, v1' }, b: { title: 'Ben, v1' } })
    expect(unwrap(maskFromText(shown.a.mask)).runs).toEqual(lesion(worst?.label ?? '').runs)
  })
  test('one cohort only', async () => {
    const all = (await s.as('investigator', 'annotation.agreement', {})).rows.find((r) => r.kind === 'inter')?.n ?? 0
    const train = (await s.as('investigator', 'annotation.agreement', { cohort: 'train' })).rows.find((r) => r.kind === 'inter')?.n ?? 0
    const other = (await s.as('investigator', 'annotation.agreement', { cohort: 'test' })).rows.find((r) => r.kind === 'inter')?.n ?? 0
    expect(train + other).toBe(all)
  })
})

describe('consensus', () => {
  test('is a new version that names its sources; the same again changes nothing; another method is a further version', async () => {
    expect(await s.as('investigator', 'annotation.consensus', { method: 'majority' })).toEqual({ stored: 4, unchanged: 0, left: 1 })
    expect(await s.as('investigator', 'annotation.consensus', { method: 'majority' })).toEqual({ stored: 0, unchanged: 4, left: 1 })
    expect(await s.as('investigator', 'annotation.consensus', { method: 'staple' })).toEqual({ stored: 4, unchanged: 0, left: 1 })
    const rows = s.study.db.read.all<{ version: number; derived_from: string; case_id: string }>("SELECT version, derived_from, case_id FROM annotation WHERE purpose = 'consensus' ORDER BY case_id, version")
    expect(rows.map((r) => r.version)).toEqual([1, 2, 1, 2, 1, 2, 1, 2])
    const sources = (JSON.parse(rows[1]?.derived_from ?? '{}') as { method: string; from: { annotation: string; sensitivity: number }[] })
    expect(sources.method).toBe('staple')
    const authors = sources.from.map((f) => s.study.db.read.get<{ account_id: string; case_id: string }>('SELECT account_id, case_id FROM annotation WHERE id = ?', f.annotation))
    expect(authors.map((a) => a?.account_id).sort()).toEqual([s.ids.ana, s.ids.ben].sort())
    expect(authors.every((a) => a?.case_id === rows[1]?.case_id)).toBe(true)
    expect(sources.from.every((f) => f.sensitivity > 0.5 && f.sensitivity <= 1)).toBe(true)
  })
  test('a majority of two is their intersection', async () => {
    const row = s.study.db.read.get<{ area_px: number; label: string }>("SELECT area_px, label FROM annotation JOIN study_case ON study_case.id = case_id WHERE purpose = 'consensus' AND version = 1 ORDER BY label LIMIT 1")
    const a = decodeMask(lesion(row?.label ?? 'C0')), b = decodeMask(lesion(row?.label ?? 'C0', 2))
    expect(row?.area_px).toBe(a.reduce((sum, v, i) => sum + (v & (b[i] as number)), 0))
  })
  test('the study is sound afterwards', async () => {
    const report = await verifyStudy(s.study.directory)
    expect(report.faults).toEqual([])
  })
})

describe('versions', () => {
  test('an annotator compares versions of one own task, and nothing else', async () => {
    const task = (await tasksOf('ben'))[0]?.id ?? ''
    const label = s.caseOf(task).label
    const v2 = await s.draw('ben', task, lesion(label, 3))
    const { versions } = await s.as('ben', 'annotation.open', { taskId: task })
    expect(versions).toMatchObject([{ version: 2, activeSeconds: 12.5, tools: { polygon: 2 }, frame: 0 }, { version: 1 }])
    const compared = await s.as('ben', 'annotation.compare', { a: versions[1]?.id ?? '', b: v2.version.id })
    expect(compared.dice).toBeGreaterThan(0.8)
    expect(compared.dice).toBeLessThan(1)
    expect([compared.a.title, compared.b.title]).toEqual(['Version 1', 'Version 2'])
    expect((await s.fails('ana', 'annotation.compare', { a: versions[1]?.id ?? '', b: v2.version.id })).code).toBe('not_found')
    const rounds = s.study.db.read.all<{ id: string }>("SELECT annotation.id FROM annotation JOIN annotation_task ON annotation_task.id = task_id WHERE annotation.account_id = ? AND annotation.image_id = (SELECT image_id FROM annotation_task WHERE id = ?) ORDER BY round", s.ids.ana, task)
    expect(rounds.length).toBe(2)
    expect((await s.fails('ana', 'annotation.compare', { a: rounds[0]?.id ?? '', b: rounds[1]?.id ?? '' })).code).toBe('not_found')
  })
})
