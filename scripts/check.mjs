// `npm run check`: types of every environment, lint, boundaries. Ends with a line for each and exit code 1 when one failed.
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { ensureNode24, root, toolEnv, tools } from './lib.mjs'

await ensureNode24(import.meta.url)

/** Runs a tool and keeps what it says, so that steps that run side by side do not mix their lines. */
const runQuietly = (name, ...args) => new Promise((resolve) => {
  const child = spawn(process.execPath, [...tools[name], ...args], { cwd: root, env: { ...toolEnv(), ...(process.stderr.isTTY ? { FORCE_COLOR: '1' } : {}) }, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
  child.on('error', (error) => resolve({ code: 127, said: `${said}${error.message}\n` }))
  child.on('close', (code) => resolve({ code: code ?? 1, said }))
})

// What was found sound is remembered, so that a second check reads only what changed.
const types = (tool, folder) => runQuietly(tool, '-p', folder, '--incremental', '--tsBuildInfoFile', `node_modules/.cache/tsc/${folder.replace('/', '-')}.tsbuildinfo`)

// The longest first. Each keeps one processor busy, so that two run side by side where there are two.
const steps = [
  ['types of test', () => types('vueTsc', 'test')],
  ['lint and boundaries', () => runQuietly('eslint', '.', '--max-warnings', '0', '--cache', '--cache-location', 'node_modules/.cache/eslint')],
  ['types of src/renderer', () => types('vueTsc', 'src/renderer')],
  ['types of src/main', () => types('tsc', 'src/main')],
  ['types of src/shared', () => types('tsc', 'src/shared')],
]
let failed = 0, next = 0
async function work() {
  for (let step = steps[next++]; step !== undefined; step = steps[next++]) {
    const [name, start] = step
    const started = Date.now()
    const { code, said } = await start()
    if (code !== 0) failed++
    process.stdout.write(said)
    process.stderr.write(`${code === 0 ? 'ok    ' : 'FAILED'}  ${name}  (${((Date.now() - started) / 1000).toFixed(1)} s)\n`)
  }
}
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work))
process.exit(failed === 0 ? 0 : 1)
