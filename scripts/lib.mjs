// What every script shares. Runs on Node 20 without any package, since it is what installs them.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const modules = join(root, 'node_modules')
const stampFile = join(modules, '.sln-installed')
export const node24 = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** What decides which packages are installed; a changed script or description is no reason to install again. */
function installHash() {
  const { dependencies, devDependencies, overrides, allowScripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return createHash('sha256').update(JSON.stringify({ dependencies, devDependencies, overrides, allowScripts })).update(readFileSync(join(root, 'package-lock.json'))).digest('hex')
}

/** Installs the packages when they are missing or the lock file changed. Says so on standard error. */
export function ensureInstalled() {
  const wanted = installHash()
  const there = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : ''
  if (there === wanted && existsSync(node24)) return
  if (there === '' && existsSync(join(modules, '.package-lock.json')) && existsSync(node24) && statSync(join(modules, '.package-lock.json')).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs) {
    writeFileSync(stampFile, wanted) // installed by hand with npm just now
    return
  }
  process.stderr.write('installing packages ...\n')
  const npm = process.env.npm_execpath
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const env = { ...process.env, npm_config_ignore_scripts: '', npm_config_onnxruntime_node_install: 'skip', ONNXRUNTIME_NODE_INSTALL: 'skip' }
  const done = npm !== undefined && npm.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2], env })
    : spawnSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { cwd: root, stdio: ['ignore', 2, 2], env, shell: process.platform === 'win32' })
  if (done.status !== 0) {
    process.stderr.write('the packages could not be installed (see above); check the network and the npm registry, then try again\n')
    process.exit(1)
  }
  writeFileSync(stampFile, wanted)
}

/** The environment in which scripts run: Node 24 and the packages' tools first. */
export const toolEnv = () => ({ ...process.env, PATH: `${join(modules, '.bin')}${delimiter}${process.env.PATH ?? ''}`, NODE_NO_WARNINGS: '1' })

/** Installs what is missing, then goes on in Node 24: the script that calls it ends here unless it already runs there. */
export function ensureNode24(script) {
  ensureInstalled()
  if (Number(process.versions.node.split('.')[0]) >= 24) return Promise.resolve()
  return new Promise(() => {
    const child = spawn(node24, [fileURLToPath(script), ...process.argv.slice(2)], { stdio: 'inherit', cwd: root, env: toolEnv() })
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
    child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1))
  })
}

/** Runs a tool to its end; returns its exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', cwd: root, env: toolEnv(), ...options })
    child.on('error', (error) => {
      process.stderr.write(`${command}: ${error.message}\n`)
      resolve(127)
    })
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

const tool = (...parts) => join(modules, ...parts)
export const tools = {
  tsc: [tool('typescript', 'bin', 'tsc')], vueTsc: [tool('vue-tsc', 'bin', 'vue-tsc.js')], eslint: [tool('eslint', 'bin', 'eslint.js')], vitest: [tool('vitest', 'vitest.mjs')], vite: [tool('vite', 'bin', 'vite.js')],
}
export const runTool = (name, ...args) => run(process.execPath, [...tools[name], ...args])

/** A fingerprint of files by path, size and time: whether a build is still of these sources. */
export function fingerprint(...folders) {
  const hash = createHash('sha256')
  const visit = (path) => {
    const info = statSync(join(root, path))
    if (!info.isDirectory()) return void hash.update(`${path}\0${info.size}\0${info.mtimeMs}\n`)
    for (const name of readdirSync(join(root, path)).sort()) visit(join(path, name))
  }
  folders.filter((f) => existsSync(join(root, f))).forEach(visit)
  return hash.digest('hex')
}

export function writeFileIn(path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
