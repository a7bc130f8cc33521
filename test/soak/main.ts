/** `npm run soak [-- --only NAME] [--rounds N] [--seed S]`: the long runs, one after another. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runDicomFuzz } from '#test/support/dicomFuzz.ts'
import { batchKill } from './batchKill.ts'
import { contractFuzz } from './contractFuzz.ts'
import { drawKill } from './drawKill.ts'
import { manifestFuzz } from './manifestFuzz.ts'
import type { SoakOptions, SoakReport } from './report.ts'

const dicom = async ({ rounds, seed, say }: SoakOptions): Promise<SoakReport> => {
  const report = await runDicomFuzz({ rounds, seed, onProgress: (done) => say?.(`DICOM: ${done} of ${rounds}`) })
  const failures = [...report.failures, ...(report.slowestMs > 10_000 ? [`round ${report.slowestRound} took ${(report.slowestMs / 1000).toFixed(1)} s`] : []), ...(report.grownMiB > 600 ? [`memory grew by ${report.grownMiB.toFixed(0)} MiB`] : [])]
  return { name: 'dicom', rounds, failures, lines: [`${rounds} damaged files: ${Object.entries(report.outcomes).sort((a, b) => b[1] - a[1]).map(([code, n]) => `${code} ${n}`).join(', ')}; the slowest took ${report.slowestMs.toFixed(0)} ms, memory grew by ${report.grownMiB.toFixed(0)} MiB`] }
}

/** Each with the rounds of a whole run. */
const RUNS: Readonly<Record<string, { run(options: SoakOptions): Promise<SoakReport>; rounds: number }>> = {
  draw: { run: drawKill, rounds: 200 }, batch: { run: batchKill, rounds: 30 }, dicom: { run: dicom, rounds: 10_000 }, manifest: { run: manifestFuzz, rounds: 4000 }, contract: { run: contractFuzz, rounds: 300 },
}

const { values } = parseArgs({ options: { only: { type: 'string' }, rounds: { type: 'string' }, seed: { type: 'string', default: '1' } } })
const wanted = values.only === undefined ? Object.keys(RUNS) : values.only.split(',')
const unknown = wanted.find((name) => RUNS[name] === undefined)
if (unknown !== undefined) {
  process.stderr.write(`there is no run ${unknown}; there are ${Object.keys(RUNS).join(', ')}\n`)
  process.exit(2)
}
const cache = mkdtempSync(join(tmpdir(), 'sln-soak-'))
process.env['SLN_TEST_CACHE'] ??= cache
let failed = 0
for (const name of wanted) {
  const { run, rounds } = RUNS[name] as (typeof RUNS)[string]
  const started = Date.now()
  const say = (text: string): void => void (process.stderr.isTTY && process.stderr.write(`\r\u001b[K${text}`))
  try {
    const report = await run({ rounds: values.rounds === undefined ? rounds : Number(values.rounds), seed: Number(values.seed), say })
    say('')
    for (const line of report.lines) process.stdout.write(`${report.failures.length === 0 ? 'ok    ' : 'FAILED'}  ${name}: ${line} (${((Date.now() - started) / 1000).toFixed(0)} s)\n`)
    for (const failure of report.failures.slice(0, 20)) process.stdout.write(`        ${failure}\n`)
    failed += report.failures.length
  } catch (error) {
    failed++
    process.stdout.write(`FAILED  ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  }
}
rmSync(cache, { recursive: true, force: true })
process.exit(failed === 0 ? 0 : 1)
