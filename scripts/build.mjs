// `npm run build`: the renderer by Vite, the Node side by esbuild, into dist/. Skipped when nothing changed.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureNode24, fingerprint, root, runTool, writeFileIn } from './lib.mjs'

await ensureNode24(import.meta.url)

const stamp = 'dist/.fingerprint'

export async function build({ force = false, quiet = false } = {}) {
  const now = fingerprint('src', 'package.json', 'package-lock.json', 'vite.config.ts', 'scripts/build.mjs')
  if (!force && existsSync(join(root, stamp)) && readFileSync(join(root, stamp), 'utf8') === now) return false
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  if (!quiet) process.stderr.write('building ...\n')
  if ((await runTool('vite', 'build', '--logLevel', 'warn')) !== 0) process.exit(1)
  const esbuild = await import('esbuild')
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const common = { absWorkingDir: root, bundle: true, platform: 'node', target: 'node24', packages: 'external', sourcemap: true, logLevel: 'warning', legalComments: 'none', define: { 'process.env.SLN_VERSION': JSON.stringify(version) } }
  await esbuild.build({
    ...common, format: 'esm', outdir: 'dist/main', outExtension: { '.js': '.mjs' },
    entryPoints: { sln: 'src/main/hosts/cli/main.ts', http: 'src/main/hosts/http/main.ts', inference: 'src/main/runtime/inference/entry.ts', pictures: 'src/main/runtime/inference/pictures/entry.ts', lane: 'src/main/runtime/inference/lanes/entry.ts', compute: 'src/main/runtime/compute/entry.ts', statistics: 'src/main/runtime/statistics/entry.ts', dicom: 'src/main/formats/dicom/worker/dicomWorker.ts', analysis: 'src/main/services/analysis/thread/entry.ts', electron: 'src/main/hosts/electron/main.ts' },
    external: ['electron'],
  })
  await esbuild.build({ ...common, format: 'cjs', outfile: 'dist/main/preload.cjs', entryPoints: ['src/main/hosts/electron/preload.ts'], packages: 'bundle', external: ['electron'], platform: 'browser' })
  writeFileIn(stamp, now)
  return true
}

if (process.argv[1] === new URL(import.meta.url).pathname || process.argv[1]?.endsWith('build.mjs')) await build({ force: process.argv.includes('--force') })
