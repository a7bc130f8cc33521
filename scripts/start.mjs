// `npm start`: installs what is missing, builds, and opens the workstation on the demo study.
// --browser (loopback host on purpose) --port N --study DIR --no-open
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureNode24, root, toolEnv, writeFileIn } from './lib.mjs'

await ensureNode24(import.meta.url)
const { build } = await import('./build.mjs')

let options
try {
  options = parseArgs({ options: { browser: { type: 'boolean', default: false }, port: { type: 'string', default: '0' }, study: { type: 'string' }, 'no-open': { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } } }).values
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exit(2)
}
if (options.help) {
  process.stdout.write('npm start -- [--browser] [--port N] [--study DIR] [--no-open]\n')
  process.exit(0)
}
await build()

const electron = options.browser ? { why: 'asked for with --browser' } : findElectron()
if (electron.file !== undefined) {
  const child = spawn(electron.file, [root, ...(options.study === undefined ? ['--demo'] : ['--study', resolve(options.study)])], { stdio: 'inherit', cwd: root, env: toolEnv() })
  child.on('exit', (code) => process.exit(code ?? 0))
} else {
  process.stderr.write(`running on the loopback host: ${electron.why}\n`)
  startHost()
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined) // the child ends first, then this

/** Electron's binary where it is there or can be fetched; a failed fetch is not tried again for a day. */
function findElectron() {
  const folder = join(root, 'node_modules', 'electron')
  const pathFile = join(folder, 'path.txt')
  const present = () => {
    const file = existsSync(pathFile) ? join(folder, 'dist', readFileSync(pathFile, 'utf8')) : null
    return file !== null && existsSync(file) ? file : null
  }
  const marker = join(root, 'dist', '.electron-fetch-failed')
  const file = present()
  if (file !== null) return hasDisplay() ? { file } : { why: 'Electron is installed, but there is no display' }
  if (!hasDisplay()) return { why: 'there is no display for Electron' }
  if (existsSync(marker) && Date.now() - statSync(marker).mtimeMs < 86_400_000) return { why: 'the Electron binary is not installed and could not be fetched earlier today (run "npx install-electron" to try again)' }
  process.stderr.write('fetching the Electron binary ...\n')
  const fetched = spawnSync(process.execPath, [join(folder, 'install.js')], { cwd: root, env: toolEnv(), stdio: ['ignore', 'ignore', 'pipe'], timeout: 180_000 })
  const got = present()
  if (got !== null) return { file: got }
  writeFileIn('dist/.electron-fetch-failed', '')
  return { why: `the Electron binary is not installed and could not be fetched (${String(fetched.stderr ?? '').trim().split('\n')[0] || 'no answer'})` }
}

function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

function startHost() {
  const args = [join(root, 'dist', 'main', 'http.mjs'), '--port', options.port, '--renderer', join(root, 'dist', 'renderer'), ...(options.study === undefined ? [] : ['--study', resolve(options.study)])]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], cwd: root, env: toolEnv() })
  let text = ''
  child.stdout.on('data', (chunk) => {
    process.stdout.write(chunk)
    text += chunk
    const ready = /^ready (\S+)$/m.exec(text)
    if (ready === null || options['no-open']) return
    options['no-open'] = true
    const [command, ...rest] = process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open']
    const opener = spawn(command, [...rest, ready[1]], { stdio: 'ignore', detached: true })
    opener.on('error', () => process.stderr.write('open the address above in a browser (Chrome or Edge)\n'))
    opener.unref()
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill('SIGTERM'))
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 0) : 0))
}
