import { join } from 'node:path'
import { openStudyDatabase } from '#main/database/index.ts'
import { createIds, systemClock } from '#main/platform/index.ts'
import { openStudy } from '#main/services/study/studies.ts'
import { quietLogger } from '#main/platform/index.ts'
import { createRandom } from '#shared/lib/index.ts'
import { plantReading, plantSignatures } from './plantedReadings.ts'

export interface WideStudy { readonly readers: number; readonly cases: number }
const COHORT = 'external test'

/** Copies cases of the demo into the reporting cohort, patients of their own and the pixels shared, until it has so many. */
function multiply(folder: string, wanted: number): void {
  const db = openStudyDatabase(join(folder, 'study.db'), { clock: systemClock, origin: { id: 'bench', name: 'bench' }, mustExist: true })
  const columns = (table: string): string[] => db.read.all<{ name: string }>('SELECT name FROM pragma_table_info(?)', table).map((c) => c.name)
  const sources = db.read.all<{ id: string; patient_id: string }>('SELECT id, patient_id FROM study_case WHERE excluded_reason IS NULL AND cohort = ? AND EXISTS (SELECT 1 FROM image WHERE case_id = study_case.id)', COHORT)
  const copied: Readonly<Record<string, (suffix: string) => string>> = {
    patient: (s) => columns('patient').map((c) => (c === 'id' || c === 'label' ? `${c} || '${s}'` : c)).join(', '), study_case: (s) => columns('study_case').map((c) => (['id', 'label', 'patient_id'].includes(c) ? `${c} || '${s}'` : c)).join(', '),
    case_clinical: (s) => columns('case_clinical').map((c) => (c === 'case_id' ? `${c} || '${s}'` : c)).join(', '), image: (s) => columns('image').map((c) => (c === 'id' || c === 'case_id' ? `${c} || '${s}'` : c)).join(', '),
  }
  const place: Readonly<Record<string, string>> = { patient: 'id', study_case: 'id', case_clinical: 'case_id', image: 'case_id' }
  db.write('bench', (tx) => {
    for (let i = 0; i < wanted - sources.length; i++) {
      const source = sources[i % sources.length] as { id: string; patient_id: string }
      for (const [table, select] of Object.entries(copied)) tx.run(`INSERT INTO ${table} (${columns(table).join(', ')}) SELECT ${select(`#${i}`)} FROM ${table} WHERE ${place[table] ?? 'id'} = ?`, table === 'patient' ? source.patient_id : source.id)
    }
    tx.audit({ action: 'bench.multiply', subject: 'meta', id: 'study', new: String(wanted) })
  })
  db.close()
}

/** Turns a demo study into one of many readers over many cases of the reporting cohort, all of it made up: binormal readers of several skills, one signature. */
export function widen(folder: string, { readers, cases }: WideStudy): void {
  multiply(folder, cases)
  const study = openStudy({ clock: systemClock, ids: createIds(systemClock), logger: quietLogger, version: 'bench', emit: () => undefined }, { id: 'bench', name: 'bench' }, folder)
  const random = createRandom('wide study')
  plantSignatures(study, (row) => 1 / (1 + Math.exp(-((row.outcome ?? 0) * 1.3 - 0.65 + random.normal()))))
  plantReading(study, {
    name: 'Wide reading', cases: (row) => row.cohort === COHORT && row.outcome !== null, parts: ['unaided'], readers: Array.from({ length: readers }, (_, i) => ({ login: `wide-${i + 1}`, name: `Reader ${String.fromCharCode(65 + (i % 26))}${i < 26 ? '' : String(Math.floor(i / 26))}`, seniority: i % 2 === 0 ? 'junior' : 'senior' })),
    answer: (reader, row) => {
      const seen = (row.outcome ?? 0) * (0.5 + (0.8 * reader) / readers) + random.normal()
      const rating = 1 + [-0.8, 0, 0.7, 1.4].filter((c) => seen > c).length
      return { rating, call: rating > 3 || (rating === 3 && seen > 0.4), seconds: 10 + 20 * random.next() }
    },
  })
  study.db.close()
}
