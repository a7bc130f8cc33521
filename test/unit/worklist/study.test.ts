import fc from 'fast-check'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { flowLayout, flowText, type FlowBox } from '#renderer/features/study/flowLayout.ts'
import { importReport, importSentence, refusedCsv } from '#renderer/features/study/importReport.ts'
import { backupReport, sizeText, verifyReport, verifySentence } from '#renderer/features/study/reports.ts'
import { jobDuration } from '#renderer/features/study/jobWords.ts'

const cohort = (name: string, role: 'fit' | 'choose' | 'report', cases: number): { name: string; role: 'fit' | 'choose' | 'report'; cases: number; patients: number; positive: number; negative: number; unknown: number } => ({ name, role, cases, patients: cases, positive: 0, negative: cases, unknown: 0 })
const summary = {
  flow: [{ hospital: 'A', reason: null, cases: 40 }, { hospital: 'A', reason: 'poor image quality', cases: 3 }, { hospital: 'A', reason: 'incomplete pathology', cases: 2 }, { hospital: 'B', reason: null, cases: 17 }],
  cohortFlow: [{ hospital: 'A', cohort: 'train', cases: 28 }, { hospital: 'A', cohort: 'validation', cases: 12 }, { hospital: 'B', cohort: 'external', cases: 17 }],
  cohorts: [cohort('train', 'fit', 28), cohort('validation', 'choose', 12), cohort('external', 'report', 17)],
}
const overlap = (a: FlowBox, b: FlowBox): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
const boxesApart = (boxes: readonly FlowBox[]): boolean => boxes.every((a, i) => boxes.slice(i + 1).every((b) => !overlap(a, b)))

describe('flow of cases', () => {
  test('every count is the sum of the rows it stands for', () => {
    const count = (id: string): number | undefined => flowLayout(summary).boxes.find((b) => b.id === id)?.count
    expect([count('all'), count('hospital A'), count('excluded A'), count('included A'), count('hospital B'), count('cohort train'), count('cohort external')]).toEqual([62, 45, 5, 40, 17, 28, 17])
    expect(flowLayout(summary).boxes.some((b) => b.id === 'excluded B')).toBe(false)
  })
  test('excluded cases are shown with each reason', () => {
    expect(flowLayout(summary).boxes.find((b) => b.id === 'excluded A')?.lines).toEqual(['poor image quality: 3', 'incomplete pathology: 2'])
  })
  test('cases without a cohort wait in a box of their own', () => {
    const waiting = flowLayout({ ...summary, cohorts: [], cohortFlow: [{ hospital: 'A', cohort: null, cases: 40 }, { hospital: 'B', cohort: null, cases: 17 }] })
    expect(waiting.boxes.filter((b) => b.kind === 'waiting').map((b) => b.count)).toEqual([57])
    expect(waiting.lines.filter((l) => l.id.startsWith('to ')).map((l) => l.label)).toEqual(['40', '17'])
  })
  test('whatever the study, no two boxes overlap and all lie inside the picture', () => {
    const name = fc.constantFrom('A', 'B', 'C', 'not stated')
    const flow = fc.array(fc.record({ hospital: name, reason: fc.option(fc.constantFrom('poor', 'incomplete', 'other'), { nil: null }), cases: fc.integer({ min: 1, max: 99 }) }), { minLength: 1, maxLength: 14 })
    fc.assert(fc.property(flow, fc.array(fc.constantFrom('t', 'v', 'x', null), { maxLength: 8 }), (rows, assigned) => {
      const hospitals = [...new Set(rows.map((r) => r.hospital))]
      const cohortFlow = assigned.map((c, i) => ({ hospital: hospitals[i % hospitals.length] ?? 'A', cohort: c, cases: i + 1 }))
      const cohorts = [...new Set(assigned.flatMap((c) => (c === null ? [] : [c])))].map((c) => cohort(c, 'fit', 1))
      const { boxes, width, height } = flowLayout({ flow: rows, cohortFlow, cohorts })
      return boxesApart(boxes) && boxes.every((b) => b.x >= 0 && b.y >= 0 && b.x + b.width <= width + 1e-9 && b.y + b.height <= height + 1e-9)
    }))
  })
  test('it says itself in words', () => {
    expect(flowText(summary)).toBe('Hospital A: 40 cases included, excluded 3 for poor image quality, 2 for incomplete pathology. Hospital B: 17 cases included.')
  })
})

describe('reports of jobs', () => {
  test('refused rows as CSV read back as they were', () => {
    const field = fc.string({ maxLength: 30 }).filter((s) => !/^[=+\-@\t]/.test(s) && !/[\r\n]/.test(s))
    fc.assert(fc.property(fc.array(fc.record({ row: fc.integer({ min: 2, max: 99_999 }), name: field, reason: field }), { minLength: 1, maxLength: 6 }), (refused) => {
      expect(parse(refusedCsv({ source: 'manifest', refused }), { columns: true })).toEqual(refused.map((r) => ({ row: String(r.row), case_id: r.name, reason: r.reason })))
      expect(parse(refusedCsv({ source: 'dicom', refused }), { columns: true })).toEqual(refused.map((r) => ({ file: r.name, reason: r.reason })))
    }))
    expect(refusedCsv({ source: 'manifest', refused: [{ row: 3, name: '', reason: 'a "b", c' }] })).toBe('row,case_id,reason\r\n3,,"a ""b"", c"\r\n')
  })
  test('a text that a spreadsheet would run is disarmed', () => {
    for (const sign of ['=', '+', '-', '@']) expect(refusedCsv({ source: 'manifest', refused: [{ row: 2, name: `${sign}1+1`, reason: 'r' }] })).toContain(`'${sign}1+1`)
  })
  test('reports of manifests and of DICOM folders are taken only where a job has one', () => {
    expect(importReport({ result: { imported: 2, refused: [{ row: 4, case_id: null, reason: 'r' }] } })).toEqual({ source: 'manifest', imported: 2, refused: [{ row: 4, name: '', reason: 'r' }], warnings: [] })
    expect(importReport({ result: { imported: [{ file: 'a.dcm', warnings: ['not calibrated'] }, { file: 'b.dcm', warnings: [] }], refused: [{ file: 'c', reason: 'r' }] } })).toEqual({
      source: 'dicom', imported: 2, refused: [{ row: null, name: 'c', reason: 'r' }], warnings: [{ name: 'a.dcm', text: 'not calibrated' }],
    })
    for (const result of [null, {}, { imported: '2', refused: [] }, 'x']) expect(importReport({ result })).toBeNull()
    expect(verifyReport({ result: { sound: true } })).toBeNull()
    expect(backupReport({ result: { to: '/b', objects: 3, bytes: 10 } })).toEqual({ to: '/b', objects: 3, bytes: 10 })
  })
  test('sentences count in the right number', () => {
    const one = { row: 2, name: '', reason: 'r' }
    expect(importSentence({ source: 'manifest', imported: 1, refused: [], warnings: [] })).toBe('1 row imported, none refused.')
    expect(importSentence({ source: 'manifest', imported: 4, refused: [one], warnings: [] })).toBe('4 rows imported, 1 refused; correct it in the manifest and import it again.')
    expect(importSentence({ source: 'dicom', imported: 4, refused: [one], warnings: [] })).toBe('4 files imported, 1 refused; the reasons are below, and the other files are kept.')
    expect(verifySentence({ sound: false, auditEntries: 9, rows: 8, objects: 7, faults: ['x'] })).toBe('Not sound: 1 fault among 9 audit entries, 8 rows and 7 files.')
  })
  test('sizes in decimal units', () => {
    expect([0, 999, 1000, 17_100_000, 999_999, 123_456_789_012].map(sizeText)).toEqual(['0 B', '999 B', '1.0 kB', '17.1 MB', '1.0 MB', '123 GB'])
  })
  test('how long a job took; nothing where its end is not known', () => {
    const job = { startedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:03:20Z', state: 'done' as const }
    expect(jobDuration(job)).toBe('3 min 20 s')
    expect([jobDuration({ ...job, state: 'interrupted' }), jobDuration({ ...job, finishedAt: null })]).toEqual(['', ''])
  })
})
