// `npm run bench -- NAME [arguments]`: runs test/bench/NAME.ts; without a name it says which there are.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ensureNode24, root, run } from './lib.mjs'

await ensureNode24(import.meta.url)
const folder = join(root, 'test', 'bench')
const names = readdirSync(folder).filter((file) => file.endsWith('.ts')).map((file) => file.replace(/\.ts$/, '')).sort()
const [name, ...rest] = process.argv.slice(2)
if (name === undefined || !names.includes(name)) {
  process.stderr.write(`${name === undefined ? '' : `there is no measurement ${name}\n`}npm run bench -- NAME, where NAME is one of: ${names.join(', ')}\n`)
  process.exit(name === undefined ? 0 : 2)
}
process.exit(await run(process.execPath, ['--disable-warning=ExperimentalWarning', join(folder, `${name}.ts`), ...rest]))
