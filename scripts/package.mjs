// `npm run package -- --linux | --win | --mac [dir]`: builds, then makes the packages in release/ with electron-builder. Everything after `--` goes to electron-builder.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureNode24, root, run } from './lib.mjs'

await ensureNode24(import.meta.url)
const { build } = await import('./build.mjs')

if (!existsSync(join(root, 'models', 'manifest.json'))) {
  process.stderr.write('there are no models in models/ (manifest.json is missing): a package without them could not segment anything\n')
  process.exit(1)
}
await build()
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
process.stderr.write(`packaging ${version} ...\n`)
const code = await run(process.execPath, [join(root, 'node_modules', 'electron-builder', 'cli.js'), '--publish', 'never', ...process.argv.slice(2)])
if (code !== 0) {
  process.stderr.write('\nThe packages were not made. electron-builder fetches Electron (and tools for each kind of package) from the network; where that is out of reach,\n'
    + 'give it a folder with Electron in it: npm run package -- --linux dir -c.electronDist=DIR\n')
}
process.exit(code)
