// `npm test`: installs what is missing, then types, lint, boundaries, and every test. `-- --only unit,service` runs some projects.
import { parseArgs } from 'node:util'
import { ensureNode24, run, runTool } from './lib.mjs'
import { fileURLToPath } from 'node:url'

await ensureNode24(import.meta.url)
const { values } = parseArgs({ options: { only: { type: 'string' } } })
const { build } = await import('./build.mjs')

const checked = values.only === undefined ? await run(process.execPath, [fileURLToPath(new URL('./check.mjs', import.meta.url))]) : 0
await build()
const projects = (values.only ?? '').split(',').filter((p) => p !== '').flatMap((p) => ['--project', p])
const tested = await runTool('vitest', 'run', ...projects)
if (checked !== 0) process.stderr.write('\nthe checks before the tests FAILED (see above)\n')
process.exit(checked !== 0 ? checked : tested)
