import { execFile, fork } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { join, posix } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { extractFile, listPackage, statFile } from '@electron/asar'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resourcesAround } from '#main/platform/paths.ts'
import type { Reply } from '#main/runtime/inference/protocol.ts'
import type { RenderReply } from '#main/runtime/compute/entry.ts'
import { planDemoStudy } from '#shared/phantom/index.ts'
import { packageName } from '#test/support/importGraph.ts'
import { root, temporary } from '#test/support/studies.ts'

/** An Electron without Electron: where the program would be, a script that runs plain Node, as `ELECTRON_RUN_AS_NODE` makes the real one do. */
function stubElectron(folder: string): string {
  for (const name of ['locales', 'resources']) mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, 'electron'), `#!/bin/sh\n[ -n "$ELECTRON_RUN_AS_NODE" ] || { echo "started as a window"; exit 3; }\nexec "${process.execPath}" "$@"\n`)
  chmodSync(join(folder, 'electron'), 0o755)
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8')) as { version: string }
  writeFileSync(join(folder, 'version'), version)
  writeFileSync(join(folder, 'LICENSE'), 'stub')
  return folder
}

const runs = (file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number; stdout: string; stderr: string }> => new Promise((resolve) => {
  execFile(file, args, { cwd: root, env: { ...process.env, NODE_NO_WARNINGS: '1', ...env }, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, stdout, stderr }))
})

const linux = process.platform === 'linux'
if (!linux) console.log('packaging.test: skipped, the stub of Electron stands for the Linux one only')

describe.skipIf(!linux)('the package', () => {
  const scratch = temporary('package')
  const app = join(scratch.path, 'out', `linux${process.arch === 'x64' ? '' : `-${process.arch}`}-unpacked`)
  const resources = join(app, 'resources'), archive = join(resources, 'app.asar'), unpacked = join(resources, 'app.asar.unpacked')
  let listed: Set<string>
  beforeAll(async () => {
    const stub = stubElectron(join(scratch.path, 'electron'))
    const made = await runs(process.execPath, [join(root, 'scripts/package.mjs'), '--linux', 'dir', `-c.electronDist=${stub}`, `-c.directories.output=${join(scratch.path, 'out')}`])
    if (made.code !== 0) throw new Error(`${made.stdout}\n${made.stderr}`)
    listed = new Set(listPackage(archive, { isPack: false }))
  }, 400_000)
  afterAll(() => scratch.remove())

  const read = (path: string): string => extractFile(archive, path).toString('utf8')

  test('holds main, preload and renderer, and the migrations inside main', () => {
    for (const path of ['/dist/main/electron.mjs', '/dist/main/preload.cjs', '/dist/main/sln.mjs', '/dist/main/inference.mjs', '/dist/renderer/index.html', '/package.json']) expect([path, listed.has(path)]).toEqual([path, true])
    const { main } = JSON.parse(read('package.json')) as { main: string }
    expect(listed.has(`/${main}`)).toBe(true)
    const migrations = readdirSync(join(root, 'src/main/database/migrations')).map((name) => name.replace(/\.ts$/, ''))
    expect(migrations.length).toBeGreaterThan(0)
    for (const id of migrations) expect([id, read('dist/main/electron.mjs').includes(id)]).toEqual([id, true])
    for (const [, asset] of read('dist/renderer/index.html').matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)) expect([asset, listed.has(`/dist/renderer/${asset}`)]).toEqual([asset, true])
  })

  test('holds no sources, tests, maps, recipes, nor packages that only the building needs', () => {
    const ours = [...listed].filter((path) => !path.startsWith('/node_modules'))
    expect(ours.filter((path) => /^\/(src|test|models|scripts|build|coverage)|\.(ts|vue|map|test\.\w+)$/.test(path))).toEqual([])
    const packages = new Set([...listed].filter((p) => p.startsWith('/node_modules/')).map((p) => packageName(p.slice('/node_modules/'.length))))
    for (const name of ['vue', 'konva', 'pinia', 'typescript', 'electron', 'vitest', 'vite', 'esbuild', 'node', 'playwright-core']) expect([name, packages.has(name)]).toEqual([name, false])
  })

  test('every package that its code imports is in it', () => {
    for (const name of ['electron', 'sln', 'http', 'inference', 'pictures', 'lane', 'compute', 'statistics', 'dicom', 'analysis']) {
      const code = read(`dist/main/${name}.mjs`)
      const imports = [...code.matchAll(/^(?:import|export)\s(?:[^"'\n]*?\sfrom\s)?"([^"]+)"|\bimport\("([^"]+)"\)/gm)].map((m) => m[1] ?? m[2] ?? '').filter((s) => !s.startsWith('.') && !isBuiltin(s) && s !== 'electron')
      if (name !== 'statistics') expect(imports.length).toBeGreaterThan(0) // which needs no package at all
      for (const specifier of imports) expect([name, specifier, listed.has(posix.join('/node_modules', packageName(specifier), 'package.json'))]).toEqual([name, specifier, true])
    }
  })

  test('what runs in a process of its own, and every native module, lies outside the archive', () => {
    for (const name of ['sln', 'inference', 'pictures', 'lane', 'compute', 'statistics', 'dicom', 'analysis']) expect([name, existsSync(join(unpacked, 'dist/main', `${name}.mjs`))]).toEqual([name, true])
    const natives = [...listed].filter((path) => /\.(node|so(\.\d+)*|dll|dylib)$/.test(path))
    expect(natives.some((p) => p.includes('better-sqlite3')) && natives.some((p) => p.includes('onnxruntime-node')) && natives.some((p) => p.includes('@img'))).toBe(true)
    for (const path of natives) expect([path, 'unpacked' in statFile(archive, path.slice(1))]).toEqual([path, true])
    // Only this system's: the other systems' libraries would double the package.
    expect(natives.filter((p) => /win32|darwin|arm64/.test(p) && process.arch === 'x64')).toEqual([])
  })

  test('the unpacked native modules load and work', async () => {
    const from = createRequire(join(unpacked, 'package.json'))
    const database = new (from('better-sqlite3') as new (file: string) => { prepare(sql: string): { get(): { n: number } }; close(): void })(':memory:')
    expect(database.prepare('SELECT 6 * 7 AS n').get().n).toBe(42)
    database.close()
    expect((from('onnxruntime-node') as { listSupportedBackends(): { name: string }[] }).listSupportedBackends().map((b) => b.name)).toContain('cpu')
    const sharp = from('sharp') as (pixels: Uint8Array, options: object) => { png(): { toBuffer(): Promise<Buffer> } }
    expect((await sharp(new Uint8Array(12), { raw: { width: 2, height: 2, channels: 3 } }).png().toBuffer()).subarray(1, 4).toString()).toBe('PNG')
    expect(from.resolve('better-sqlite3').startsWith(unpacked)).toBe(true)
  })

  test('the unpacked inference process runs a graph of the models beside it', async () => {
    const manifest = JSON.parse(readFileSync(join(resources, 'models/manifest.json'), 'utf8')) as { models: { name: string; role: string; file: string; sha256: string; card?: string; fixture?: string }[] }
    for (const model of manifest.models) for (const file of [model.file, model.card, model.fixture]) if (file !== undefined) expect([file, existsSync(join(resources, 'models', file))]).toEqual([file, true])
    expect(existsSync(join(resources, 'models/training'))).toBe(false)
    const network = manifest.models.find((m) => m.role === 'segmentation')
    const child = fork(join(unpacked, 'dist/main/inference.mjs'), { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [], cwd: scratch.path })
    const reply = await new Promise<Reply>((resolve, reject) => {
      child.once('message', (message) => resolve(message as Reply))
      child.once('exit', (code) => reject(new Error(`it ended with ${String(code)}`)))
      child.send({ id: 1, request: { kind: 'providers', probes: [{ name: network?.name, file: join(resources, 'models', network?.file ?? ''), sha256: network?.sha256 }] } })
    })
    child.kill()
    expect(reply).toMatchObject({ id: 1, ok: true, value: { providers: expect.arrayContaining([expect.objectContaining({ name: 'cpu', available: true })]) as unknown } })
  })

  test('the unpacked rendering thread renders, the DICOM thread starts', async () => {
    const compute = new Worker(pathToFileURL(join(unpacked, 'dist/main/compute.mjs')))
    const rendered = await new Promise<RenderReply>((resolve, reject) => {
      compute.once('message', resolve)
      compute.once('error', reject)
      compute.postMessage({ id: 5, plan: planDemoStudy({ cases: 12, seed: 1 }).cases[0], imageIndex: 0 })
    })
    await compute.terminate()
    expect([rendered.id, Buffer.from(rendered.image).subarray(1, 4).toString()]).toEqual([5, 'PNG'])
    const dicom = new Worker(pathToFileURL(join(unpacked, 'dist/main/dicom.mjs')), { workerData: { limits: {} } })
    await new Promise<void>((resolve, reject) => {
      dicom.once('online', () => setTimeout(resolve, 1500))
      dicom.once('error', reject)
    })
    await dicom.terminate()
  })

  test('sln of the package makes, segments and verifies a study, from any folder, with nothing of the checkout', async () => {
    const home = join(scratch.path, 'home'), study = join(scratch.path, 'a study'), env = { SLN_HOME: home, SLN_RESOURCES: '', NODE_PATH: '' }
    const info = await runs(join(app, 'sln'), ['info', '--json'], env)
    expect([info.code, info.stderr]).toEqual([0, ''])
    expect(JSON.parse(info.stdout)).toMatchObject({ version: (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version, providers: expect.arrayContaining([expect.objectContaining({ name: 'cpu', available: true })]) as unknown })
    expect((await runs(join(app, 'sln'), ['create', study, '--demo', '--cases', '12', '--json'], env)).code).toBe(0)
    const inferred = await runs(join(app, 'sln'), ['infer', '--study', study, '--json'], env)
    expect([inferred.code, inferred.stderr]).toEqual([0, ''])
    expect((JSON.parse(inferred.stdout) as { segmented: number }).segmented).toBeGreaterThanOrEqual(12)
    expect((await runs(join(app, 'sln'), ['verify', '--study', study], env)).code).toBe(0)
    // Without the launcher's help as well: the program finds its resources from where its code lies.
    expect((await runs(process.execPath, [join(unpacked, 'dist/main/sln.mjs'), 'info', '--json'], env)).code).toBe(0)
  }, 180_000)

  test('sln is in the packages of every system', () => {
    const yml = readFileSync(join(root, 'electron-builder.yml'), 'utf8')
    expect(yml).toContain('build/sln.cmd')
    expect(readFileSync(join(root, 'build/sln.cmd'), 'utf8')).toContain('app.asar.unpacked\\dist\\main\\sln.mjs')
    for (const icon of ['icon.ico', 'icon.icns', 'icons/512x512.png']) expect([icon, existsSync(join(root, 'build', icon))]).toEqual([icon, true])
  })
})

test('resources are found inside an archive, beside it, and on Windows', () => {
  expect(resourcesAround('/opt/SLN Workstation/resources/app.asar/dist/main', '/')).toBe('/opt/SLN Workstation/resources')
  expect(resourcesAround('/opt/SLN Workstation/resources/app.asar.unpacked/dist/main', '/')).toBe('/opt/SLN Workstation/resources')
  expect(resourcesAround('C:\\Users\\a b\\Programs\\sln\\resources\\app.asar\\dist\\main', '\\')).toBe('C:\\Users\\a b\\Programs\\sln\\resources')
  expect(resourcesAround('/home/me/sln-workstation/dist/main', '/')).toBeNull()
})
