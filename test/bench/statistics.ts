// node test/bench/statistics.ts : times of the statistics that must stay fast, and the same inputs through R's pROC where it is installed.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandom, unwrap } from '#shared/lib/index.ts'
import { bootstrapAuc } from '#shared/statistics/bootstrap/index.ts'
import { obuchowskiRockette, readerAucs } from '#shared/statistics/mrmc/index.ts'
import { deLong } from '#shared/statistics/roc/index.ts'

interface Sample {
  readonly outcome: Float64Array
  readonly score: Float64Array
}

function sample(n: number, seed: string): Sample {
  const random = createRandom(seed)
  const outcome = Float64Array.from({ length: n }, () => (random.next() < 0.4 ? 1 : 0))
  return { outcome, score: outcome.map((y) => y + random.normal()) }
}

/** Median seconds of a few runs after a warm-up, with the last value. */
function timed<T>(times: number, f: () => T): { seconds: number; value: T } {
  let value = f()
  const seconds = Array.from({ length: times }, () => {
    const start = performance.now()
    value = f()
    return (performance.now() - start) / 1000
  }).sort((a, b) => a - b)
  return { seconds: seconds[Math.floor(times / 2)]!, value }
}

const samples = { n1e5: sample(1e5, 'bench/1e5'), n1e6: sample(1e6, 'bench/1e6'), n1e3: sample(1e3, 'bench/1e3') }
const area = (s: Sample): number[] => {
  const e = unwrap(deLong(s.outcome, s.score))
  return [e.auc, e.interval.lower, e.interval.upper]
}
const boot = (s: Sample): number[] => {
  const b = unwrap(bootstrapAuc(s.outcome, s.score, { seed: 1, resamples: 2000, intervals: 'percentile' }))
  return [b.estimate, b.percentile.lower, b.percentile.upper]
}

function readerStudy() {
  const random = createRandom('bench/mrmc')
  const outcome = Float64Array.from({ length: 1000 }, () => (random.next() < 0.4 ? 1 : 0))
  const readers = Array.from({ length: 10 }, (_, j) => `R${j + 1}`), tests = ['unaided', 'aided']
  const ratings = tests.map((_, i) => readers.map(() => outcome.map((y) => Math.round(20 * (y * (1 + 0.3 * i) + random.normal())))))
  return { tests, readers, outcome, ratings }
}
const study = readerStudy()

const ours = {
  n1e5: timed(9, () => area(samples.n1e5)),
  n1e6: timed(5, () => area(samples.n1e6)),
  boot: timed(5, () => boot(samples.n1e3)),
  mrmc: timed(9, () => [unwrap(obuchowskiRockette(unwrap(readerAucs(study)))).randomReadersRandomCases.p]),
  jackknife: timed(5, () => [unwrap(obuchowskiRockette(unwrap(readerAucs(study, 'jackknife')))).randomReadersRandomCases.p]),
}

/** Times and figures of pROC by task name; undefined without Rscript or pROC. */
function proc(): Map<string, { seconds: number; value: number[] }> | undefined {
  const dir = mkdtempSync(join(tmpdir(), 'statistics-bench-'))
  try {
    for (const [name, s] of Object.entries(samples)) {
      writeFileSync(join(dir, `${name}.outcome`), new Uint8Array(s.outcome.buffer))
      writeFileSync(join(dir, `${name}.score`), new Uint8Array(s.score.buffer))
    }
    const run = spawnSync('Rscript', [join(import.meta.dirname, 'statistics.R'), dir], { encoding: 'utf8' })
    if (run.status !== 0) return undefined
    return new Map(run.stdout.trim().split('\n').map((line) => {
      const [name = '', seconds, ...value] = line.trim().split(/\s+/)
      return [name, { seconds: Number(seconds), value: value.map(Number) }]
    }))
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

const theirs = proc()
const labels: Record<keyof typeof ours, string> = {
  n1e5: 'AUC and DeLong interval, n = 100,000', n1e6: 'AUC and DeLong interval, n = 1,000,000', boot: '2,000 bootstraps of AUC, n = 1,000',
  mrmc: 'MRMC, 10 readers x 2 conditions x 1,000 cases, DeLong', jackknife: 'MRMC, the same, jackknife',
}
if (!theirs) console.log('Rscript with pROC is not installed: no comparison.')
for (const [name, label] of Object.entries(labels) as [keyof typeof ours, string][]) {
  const { seconds, value } = ours[name]
  const other = theirs?.get(name)
  const beside = other ? `   pROC ${(other.seconds * 1000).toFixed(1).padStart(8)} ms   ${(other.seconds / seconds).toFixed(1)} x` : theirs ? '   no counterpart in pROC' : ''
  console.log(`${label.padEnd(56)} ${(seconds * 1000).toFixed(2).padStart(9)} ms${beside}`)
  const gap = other ? Math.max(...value.map((v, i) => Math.abs(v - other.value[i]!))) : 0
  const allowed = name === 'boot' ? 0.005 : 1e-12
  if (gap > allowed) {
    console.log(`  the figures differ: ${value.join(', ')} beside ${other?.value.join(', ')}`)
    process.exitCode = 1
  }
}
