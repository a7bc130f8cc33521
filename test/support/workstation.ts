import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import chromium from '@sparticuz/chromium'
import { chromium as playwright, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { demoHome, root } from './studies.ts'

export interface Workstation {
  readonly url: string
  readonly home: string
  readonly study: string
  /** `kill -9`, as a power cut would. */
  killHard(): Promise<void>
  /** Starts the host again on the same home; the link changes. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Starts the loopback host of the sources on a home of its own, with `study` null on the first-run page; the renderer is the built one (SLN_RENDERER or dist/renderer). */
export async function startWorkstation(options: { cases?: number; inferred?: boolean; home?: string; study?: string | null; /** a session without a call for so long is signed out */ idleMinutes?: number } = {}): Promise<Workstation> {
  const renderer = process.env['SLN_RENDERER'] ?? join(root, 'dist', 'renderer')
  if (!existsSync(join(renderer, 'index.html'))) throw new Error(`there is no built renderer in ${renderer}: run "npm run build" first`)
  const made = options.home === undefined ? await demoHome(options) : { home: options.home, study: options.study ?? join(options.home, 'demo-study'), remove: () => undefined }
  const opening = options.study === null ? ['--no-demo'] : ['--study', made.study]
  let child: ChildProcess
  let url = ''
  const start = async (): Promise<void> => {
    child = spawn(process.execPath, [join(root, 'src/main/hosts/http/main.ts'), '--port', '0', '--renderer', renderer, ...opening, ...(options.idleMinutes === undefined ? [] : ['--idle-minutes', String(options.idleMinutes)])], { cwd: root, env: { ...process.env, SLN_HOME: made.home, NODE_NO_WARNINGS: '1' }, stdio: ['ignore', 'pipe', 'pipe'] })
    url = await new Promise<string>((resolve, reject) => {
      let text = '', errors = ''
      child.stdout?.on('data', (chunk: Buffer) => {
        text += String(chunk)
        const ready = /^ready (\S+)$/m.exec(text)
        if (ready?.[1] !== undefined) resolve(ready[1])
      })
      child.stderr?.on('data', (chunk: Buffer) => {
        errors += String(chunk)
      })
      child.on('exit', (code) => reject(new Error(`the host ended with ${String(code)} before it was ready: ${errors}`)))
    })
  }
  const ended = (): Promise<void> => new Promise((resolve) => (child.exitCode !== null || child.signalCode !== null ? resolve() : child.once('exit', () => resolve())))
  await start()
  return {
    get url() {
      return url
    },
    home: made.home, study: made.study, restart: start,
    async killHard() {
      child.kill('SIGKILL')
      await ended()
    },
    async stop() {
      child.kill('SIGTERM')
      await ended()
      made.remove()
    },
  }
}

/** Headless Chromium from its npm package (or CHROMIUM_PATH): no system package, no download. */
export async function openChromium(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? (await chromium.executablePath())
  return playwright.launch({ executablePath, headless: true, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--font-render-hinting=none'] })
}

/** A browser context of its own: its own cookie, so its own session. Page errors fail the test that asks `problems`. */
export async function openPage(browser: Browser, workstation: Workstation, login?: string): Promise<{ context: BrowserContext; page: Page; problems: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  context.setDefaultTimeout(90_000) // a busy machine is slow, not broken
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  await page.goto(workstation.url)
  if (login !== undefined) await signIn(page, login)
  return { context, page, problems }
}

const NAMES: Readonly<Record<string, string>> = { investigator: 'Lin (investigator)', annotator1: 'Ana (annotator)', annotator2: 'Ben (annotator)', reader1: 'Reader 1 (simulated)', reader2: 'Reader 2 (simulated)', reader3: 'Reader 3 (simulated)', reader4: 'Reader 4 (simulated)' }

/** Signs in with a demo account by its button on the sign-in page. */
export async function signIn(page: Page, login: string): Promise<void> {
  await page.getByRole('button', { name: NAMES[login] ?? login }).click()
  await page.waitForURL((url) => !url.hash.startsWith('#/start') && url.hash !== '' && url.hash !== '#/')
}

interface RawAnswer { ok: boolean; value?: unknown; error?: { code: string } }
/** A call as an ill-meaning page of this session would send it: past the screens, over the same socket. */
export const raw = (page: Page, call: string, input: unknown): Promise<RawAnswer> => page.evaluate(([name, given]) => new Promise<RawAnswer>((resolve) => {
  const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/bridge`)
  socket.onopen = () => socket.send(JSON.stringify({ id: 1, call: name, input: given }))
  socket.onmessage = (message) => {
    const answer = JSON.parse(String(message.data)) as RawAnswer & { id?: number }
    if (answer.id !== 1) return
    socket.close()
    resolve(answer)
  }
}), [call, input] as const)

/** Waits until the reading screen shows the picture of a case (of the position, where one is named): before that it takes no answer. */
export const pictureOf = (page: Page, position?: number): Promise<void> => page.locator(position === undefined ? '[data-position]' : `[data-position="${position}"]`).waitFor()

/** Where screenshots of the e2e suite go when SLN_SCREENSHOTS names a folder. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env['SLN_SCREENSHOTS']
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) })
}
