// `npm run bench -- NAME`: runs test/bench/NAME.ts, which prints ratios against a named alternative in the same run. Without a name it lists them.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ensureNode24, root, run } from './lib.mjs'

await ensureNode24(import.meta.url)

const folder = join(root, 'test', 'bench')
const names = readdirSync(folder).filter((f) => f.endsWith('.ts')).map((f) => f.replace(/\.ts$/, ''))
const [name, ...rest] = process.argv.slice(2)
if (name === undefined || !existsSync(join(folder, `${name}.ts`))) {
  process.stderr.write(`npm run bench -- NAME, with NAME one of: ${names.join(', ')}\n`)
  process.exit(name === undefined ? 0 : 2)
}
process.exit(await run(process.execPath, [join(folder, `${name}.ts`), ...rest]))
