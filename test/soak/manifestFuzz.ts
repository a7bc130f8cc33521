/** Damages manifests in every way that files come damaged; each is imported, refused row by row, or refused as a whole in words. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { createRandom, type Random } from '#shared/lib/index.ts'
import { Failure } from '#shared/contract/errors.ts'
import { createNodeApp } from '#main/app/nodeApp.ts'
import { quietLogger } from '#main/platform/index.ts'
import { importManifest } from '#main/services/cases/importManifest.ts'
import { createStudy } from '#main/services/study/studies.ts'
import { verifyStudy } from '#main/services/study/verify.ts'
import { temporary } from '#test/support/studies.ts'
import type { SoakOptions, SoakReport } from './report.ts'

const HEADER = 'case_id,patient_id,image,mask,cohort,hospital,age,size_mm,histologic_type,histologic_grade,er,pr,her2,ki67,sln,excluded_reason,mm_per_px_x,mm_per_px_y,extra'
const ROWS = [
  '1,P1,a.png,m.png,train,A,44,12.5,invasive ductal,II,positive,negative,negative,positive,1,,0.08,0.08,x', '2,P2,b.png,,train,A,61,,DCIS,I,negative,negative,positive,negative,0,,,,"quoted, with ""quotes"""',
  '3,P3,c.png,m.png,test,B,,33,other,III,,,,,1,,0.1,0.1,"two\nlines"', '4,P4,,,test,B,,,,,,,,,,poor image,,,', '5,P5,absent.png,,test,B,,,,,,,,,0,,,,', '6,P6,broken.png,,,,,,,,,,,,,,,,',
]
const VALUES = ['', ' ', '0', '1', '-1', '1e999', 'NaN', 'Infinity', '2', 'II', 'positive', '../../../etc/passwd', '/etc/passwd', 'C:\\x', '\u0000', '"', '""', "' OR 1=1 --", '=1+1', 'é\u0301', '\u202e', '😀', 'x'.repeat(5000), 'a.png', 'm.png', 'P1', '__proto__', 'constructor', '.', '..', 'a.png/', 'nul', '0x10', '1,5', '١']

type Damage = (text: string, random: Random) => string
const pick = <T>(random: Random, list: readonly T[]): T => list[random.int(list.length)] as T
const cut = (text: string, at: number, remove: number, insert: string): string => text.slice(0, at) + insert + text.slice(at + remove)
const cells = (text: string, random: Random, change: (cell: string) => string): string => {
  const lines = text.split('\n'), line = random.int(lines.length), fields = (lines[line] ?? '').split(','), field = random.int(fields.length)
  fields[field] = change(fields[field] ?? '')
  lines[line] = fields.join(',')
  return lines.join('\n')
}

const DAMAGE: readonly Damage[] = [
  (t, r) => cells(t, r, () => pick(r, VALUES)), (t, r) => cells(t, r, () => pick(r, VALUES)), (t, r) => cells(t, r, (c) => `"${c}`), (t, r) => cells(t, r, (c) => c + c),
  (t, r) => cut(t, r.int(t.length + 1), r.int(4), String.fromCodePoint(r.int(0x2ff))), (t, r) => cut(t, r.int(t.length + 1), 0, pick(r, [',', ';', '\t', '\n', '\r', '\r\n', '"', '\0', '\ufeff', '\u2028'])),
  (t) => t.replaceAll('\n', '\r\n'), (t) => t.replaceAll('\n', '\r'), (t) => `\ufeff${t}`, (t) => t.replaceAll(',', ';'), (t) => t.replaceAll(',', '\t'), (t, r) => t.slice(0, r.int(t.length + 1)), (t) => t + t,
  (t, r) => t.replace(HEADER, HEADER.split(',').sort(() => r.next() - 0.5).join(',')), (t) => t.replace('case_id', 'Case_ID'), (t, r) => t.replace(pick(r, HEADER.split(',')), pick(r, HEADER.split(','))), (t, r) => `${t}\n${pick(r, ROWS)}`, () => '', (_, r) => pick(r, VALUES),
]

async function pictures(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const grey = (seed: number) => sharp(Uint8Array.from({ length: 32 * 24 }, (_, i) => (i * seed) % 251), { raw: { width: 32, height: 24, channels: 1 } }).png()
  await Promise.all(['a', 'b', 'c'].map((name, i) => grey(i + 3).toFile(join(folder, `${name}.png`))))
  await sharp(Uint8Array.from({ length: 32 * 24 }, (_, i) => (i % 32 > 9 && i % 32 < 20 ? 255 : 0)), { raw: { width: 32, height: 24, channels: 1 } }).png().toFile(join(folder, 'm.png'))
  writeFileSync(join(folder, 'broken.png'), 'no picture at all')
}

export async function manifestFuzz({ rounds, seed, say }: SoakOptions): Promise<SoakReport> {
  const random = createRandom(`manifestFuzz/${seed}`)
  const scratch = temporary('manifest-fuzz'), folder = join(scratch.path, 'source'), file = join(folder, 'manifest.csv')
  const failures: string[] = [], outcomes = { imported: 0, refused: 0, whole: 0 }
  let slowest = 0
  await pictures(folder)
  const app = createNodeApp({ userData: join(scratch.path, 'user'), logger: quietLogger })
  const { world, origin } = app.house
  const fresh = (n: number) => createStudy(world, origin, 'soak', { directory: join(scratch.path, `study-${n}`), name: 'Fuzz', synthetic: false })
  let study = fresh(0)
  const sound = async (where: string): Promise<void> => {
    const report = await verifyStudy(study.directory)
    if (!report.sound) failures.push(`${where}: not sound: ${report.faults.slice(0, 3).join('; ')}`)
  }
  try {
    for (let round = 0; round < rounds; round++) {
      // A new study now and then, or every row would be there already.
      if (round % 15 === 14) {
        await sound(`round ${round}`)
        study.db.close()
        study = fresh(round)
        say?.(`manifests: ${round + 1} of ${rounds}, ${failures.length} failures`)
      }
      let text = [HEADER, ...ROWS].join('\n')
      for (let i = 1 + random.int(4); i > 0; i--) text = pick(random, DAMAGE)(text, random)
      writeFileSync(file, random.next() < 0.05 ? Buffer.from(text, 'utf16le') : random.next() < 0.05 ? Buffer.from(text, 'latin1') : text)
      const count = (): number => study.db.read.get<{ n: number }>('SELECT (SELECT count(*) FROM image) + (SELECT count(*) FROM study_case WHERE excluded_reason IS NOT NULL AND id NOT IN (SELECT case_id FROM image)) AS n')?.n ?? 0
      const before = count(), started = performance.now()
      try {
        const report = await importManifest(study, world, 'soak', file)
        outcomes.imported += report.imported
        outcomes.refused += report.refused.length
        for (const row of report.refused) if (row.row < 2 || row.reason.length < 5) failures.push(`round ${round}: row ${row.row} refused as "${row.reason}"`)
        if (count() < before + report.imported) failures.push(`round ${round}: ${report.imported} imported, the study grew by ${count() - before}`)
      } catch (error) {
        if (error instanceof Failure && error.message.length > 10) outcomes.whole++
        else failures.push(`round ${round}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n${text.slice(0, 600)}`)
      }
      slowest = Math.max(slowest, performance.now() - started)
    }
    await sound('the end')
  } finally {
    study.db.close()
    await app.close()
    scratch.remove()
  }
  return { name: 'manifest', rounds, failures, lines: [`${rounds} damaged manifests: ${outcomes.imported} rows imported, ${outcomes.refused} refused by row, ${outcomes.whole} refused as a whole; the slowest took ${slowest.toFixed(0)} ms; every study sound`] }
}
