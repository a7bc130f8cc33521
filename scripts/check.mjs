// `npm run check`: types of every environment, lint, boundaries. Ends with a line for each and exit code 1 when one failed.
import { ensureNode24, runTool } from './lib.mjs'

await ensureNode24(import.meta.url)

// What was found sound is remembered, so that a second check reads only what changed.
const types = (tool, folder) => runTool(tool, '-p', folder, '--incremental', '--tsBuildInfoFile', `node_modules/.cache/tsc/${folder.replace('/', '-')}.tsbuildinfo`)

const steps = [
  ['types of src/shared', () => types('tsc', 'src/shared')],
  ['types of src/main', () => types('tsc', 'src/main')],
  ['types of src/renderer', () => types('vueTsc', 'src/renderer')],
  ['types of test', () => types('vueTsc', 'test')],
  ['lint and boundaries', () => runTool('eslint', '.', '--max-warnings', '0', '--cache', '--cache-location', 'node_modules/.cache/eslint')],
]
let failed = 0
for (const [name, step] of steps) {
  const started = Date.now()
  const code = await step()
  if (code !== 0) failed++
  process.stderr.write(`${code === 0 ? 'ok    ' : 'FAILED'}  ${name}  (${((Date.now() - started) / 1000).toFixed(1)} s)\n`)
}
process.exit(failed === 0 ? 0 : 1)
