/**
 * `npm run bench -- study [--readers 20] [--cases 1000]`: the screens of the reader study, the analysis and the report on a generated study, each
 * beside a bare alternative in the same run. Needs a built renderer (`npm run build`, or SLN_RENDERER); `--no-screens` leaves Chromium out.
 */
import { cpSync, readdirSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { unwrap } from '#shared/lib/index.ts'
import { readerAucs } from '#shared/statistics/mrmc/index.ts'
import type { CallOutput } from '#shared/contract/index.ts'
import { createNodeApp } from '#main/app/nodeApp.ts'
import { accountByLogin } from '#main/database/queries/accounts.ts'
import { quietLogger } from '#main/platform/index.ts'
import { createAccount, toAccount } from '#main/services/accounts/accounts.ts'
import { scorers } from '#main/services/analysis/scores.ts'
import { createProtocol, startProtocol } from '#main/services/reading/protocol.ts'
import { demoHome } from '#test/support/studies.ts'
import { widen } from '#test/support/wideStudy.ts'
import { openChromium, openPage, startWorkstation } from '#test/support/workstation.ts'
import { nextCases } from '#test/support/nextCases.ts'

const { values } = parseArgs({ options: { readers: { type: 'string', default: '20' }, cases: { type: 'string', default: '1000' }, screens: { type: 'boolean', default: true } }, allowNegative: true })
const readers = Number(values.readers), cases = Number(values.cases)
const COHORT = 'external test'
const say = (text: string): void => { process.stdout.write(`${text}\n`) }
const ms = async (work: () => unknown): Promise<number> => {
  const start = performance.now()
  await work()
  return performance.now() - start
}
const quantile = (list: readonly number[], q: number): number => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))] ?? NaN
const median = (list: readonly number[]): number => quantile(list, 0.5)

const home = await demoHome({ cases: 48 })
widen(home.study, { readers, cases })
say(`${readers} readers x ${cases} cases of the reporting cohort; load of the machine ${loadavg()[0]?.toFixed(1) ?? '?'}`)

const app = createNodeApp({ userData: join(home.home, 'user'), logger: quietLogger })
const study = app.house.open(home.study)
const context = app.context({ account: toAccount(accountByLogin(study.db.read, 'investigator') as never), actor: 'investigator' })
const call = async <T>(name: string, input: unknown): Promise<T> => {
  const answer = await app.call(context, name, input)
  if (!answer.ok) throw new Error(answer.error.message)
  return answer.value as T
}
const asked = { cohort: COHORT, filters: [] }
const figures = async (): Promise<void> => { await Promise.all([call('analysis.roc', asked), call('analysis.cohort', asked)]) }
/** Seconds of processor time of all threads, which a busy machine does not stretch as it does the clock. */
const cpu = async (work: () => Promise<unknown>): Promise<number> => {
  const start = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}
let first = 0, written = 0
const firstCpu = await cpu(async () => { first = await ms(figures) }), again = await ms(figures)
const filtered = await ms(() => Promise.all([call('analysis.roc', { cohort: COHORT, filters: [{ variable: 'her2', levels: ['negative'] }] }), call('analysis.cohort', { cohort: COHORT, filters: [{ variable: 'her2', levels: ['negative'] }] })]))
const columns = scorers(study).scorers.filter((s) => (s.cohorts.get(COHORT)?.length ?? 0) >= cases && s.kind !== 'clinical').map((s) => s.cohorts.get(COHORT) ?? [])
const bare = await ms(() => unwrap(readerAucs({ tests: ['bare'], readers: columns.map((_, i) => String(i)), outcome: (columns[0] ?? []).map((s) => s.outcome), ratings: [columns.map((c) => c.map((s) => s.value))] })))
say(`analysis of all figures, thread started: ${first.toFixed(0)} ms (aim 3000), ${firstCpu.toFixed(2)} s of processor; with a condition: ${filtered.toFixed(0)} ms; again: ${again.toFixed(1)} ms; bare: one DeLong covariance of ${columns.length} columns ${bare.toFixed(0)} ms`)
const to = join(home.home, 'report')
let longest = 0, last = performance.now()
const beat = setInterval(() => {
  longest = Math.max(longest, performance.now() - last - 20)
  last = performance.now()
}, 20)
const writtenCpu = await cpu(async () => { written = await ms(async () => {
  const { jobId } = await call<CallOutput<'analysis.report'>>('analysis.report', { to })
  const job = await app.house.jobs.ended(jobId)
  if (job.state !== 'done') throw new Error(job.note)
}) })
clearInterval(beat)
const copied = await ms(() => cpSync(to, join(home.home, 'copy'), { recursive: true }))
say(`report: ${written.toFixed(0)} ms (aim 10000), ${writtenCpu.toFixed(2)} s of processor, ${readdirSync(to, { recursive: true }).length} files; main thread held at most ${Math.max(0, longest).toFixed(0)} ms; bare: copying the files ${copied.toFixed(0)} ms`)
// A reader of this run's own, with every case of the cohort still to read.
const reader = await createAccount(app.house.world, study, 'bench', { login: 'bench-reader', name: 'Bench reader', role: 'reader', seniority: 'junior', yearsExperience: 3, password: '', mustChange: false, demo: true })
startProtocol(study, app.house.world, 'bench', createProtocol(study, app.house.world, 'bench', { name: 'Bench reading', cohorts: [COHORT], readers: [reader.id], scale: 'points5', seed: 3 }).id)
await app.close()

if (values.screens) {
  const workstation = await startWorkstation({ home: home.home, study: home.study })
  const browser = await openChromium()
  try {
    const { page, problems } = await openPage(browser, workstation, 'investigator')
    /** From the change of place to the screen's own title with its first row or figure, painted; the medians of three visits, each from the worklist. */
    const open = async (path: string, title: string, ready: string): Promise<number> => {
      const times: number[] = []
      for (let i = 0; i < 3; i++) {
        await page.evaluate(() => { location.hash = '#/worklist' })
        await page.locator('h1', { hasText: 'Worklist' }).waitFor()
        await page.waitForTimeout(300)
        times.push(await page.evaluate(async ([to, heading, selector]) => {
          const start = performance.now()
          location.hash = `#${to}`
          while (document.querySelector('h1')?.textContent?.trim() !== heading || document.querySelector(selector) === null) await new Promise((done) => requestAnimationFrame(done))
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
          return performance.now() - start
        }, [path, title, ready] as const))
      }
      return median(times)
    }
    const bareTable = await page.evaluate(async (rows) => {
      const start = performance.now()
      const box = document.createElement('div')
      box.innerHTML = `<table>${Array.from({ length: rows }, (_, i) => `<tr><td>${i}</td><td>reader</td><td>0.123</td><td>0.456</td></tr>`).join('')}</table>`
      document.body.append(box)
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
      const spent = performance.now() - start
      box.remove()
      return spent
    }, cases)
    const ROW = '.ui-table-body [role="gridcell"]'
    for (const [name, path, title, ready] of [['study', '/study', 'Study', '.flow text'], ['reader study', '/protocols', 'Reader study', 'article tbody tr'], ['accounts', '/accounts', 'Accounts', ROW], ['audit log', '/audit', 'Audit log', ROW], ['work elsewhere', '/packages', 'Work elsewhere', '.ui-empty']] as const) say(`${name} opens in ${(await open(path, title, ready)).toFixed(0)} ms (aim 300); bare: a table of ${cases} rows ${bareTable.toFixed(0)} ms`)
    say(`analysis opens with its chart in ${(await open('/analysis', 'Analysis', '.ui-chart canvas')).toFixed(0)} ms; bare: a table of ${cases} rows ${bareTable.toFixed(0)} ms`)
    const there = await openPage(browser, workstation, 'Bench reader')
    await there.page.getByRole('button', { name: 'Start reading' }).click()
    const { shown, bare: decoded } = await nextCases(there.page, 40, 600)
    say(`the next case is on screen ${median(shown).toFixed(0)} ms after Enter, 95th percentile ${quantile(shown, 0.95).toFixed(0)} ms (aim 100), of ${shown.length}; bare: fetching and decoding the same picture in an <img> ${median(decoded).toFixed(0)} ms, ${quantile(decoded, 0.95).toFixed(0)} ms; load ${loadavg()[0]?.toFixed(1) ?? '?'}`)
    problems.push(...there.problems)
    if (problems.length > 0) say(`problems: ${problems.join('; ')}`)
  } finally {
    await browser.close()
    await workstation.stop()
  }
}
home.remove()
