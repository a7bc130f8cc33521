// `npm run soak [-- --only draw,batch,dicom,manifest,contract] [--rounds N] [--seed S]`: long fault and fuzz runs; a short round of each is in `npm test`.
import { ensureNode24, root, run } from './lib.mjs'
import { join } from 'node:path'

await ensureNode24(import.meta.url)
process.exit(await run(process.execPath, [join(root, 'test', 'soak', 'main.ts'), ...process.argv.slice(2)]))
