// `npm run setup:cuda`: fetches onnxruntime's CUDA library with the installer of onnxruntime-node itself, where it supports this system, then verifies it.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureNode24, root, run, toolEnv } from './lib.mjs'

await ensureNode24(import.meta.url)
const say = (text) => process.stderr.write(`${text}\n`)
const stop = (text, code = 1) => {
  say(text)
  process.exit(code)
}

if (process.platform !== 'linux' || process.arch !== 'x64') {
  const instead = process.platform === 'win32' ? 'On Windows the package brings DirectML, which runs on NVIDIA, AMD and Intel GPUs.' : process.platform === 'darwin' ? 'On macOS the package brings CoreML.' : 'The CPU runs everything.'
  stop(`There is no CUDA library of onnxruntime-node for ${process.platform} ${process.arch}; only for Linux on x64. ${instead} Nothing needs to be set up.`)
}
const gpu = spawnSync('nvidia-smi', ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader'], { encoding: 'utf8' })
if (gpu.status !== 0) say('note: nvidia-smi does not run here, so there is no NVIDIA GPU or no driver; the library is fetched nevertheless and needs both.')
else say(`GPU: ${gpu.stdout.trim().split('\n').join('; ')}`)

const module = join(root, 'node_modules', 'onnxruntime-node')
const libraries = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'].map((name) => join(module, 'bin', 'napi-v6', 'linux', 'x64', name))
say('fetching the CUDA library of onnxruntime (some hundred MB) ...')
const installed = spawnSync(process.execPath, [join(module, 'script', 'install.js')], {
  cwd: module, stdio: ['ignore', 2, 'pipe'], encoding: 'utf8', env: { ...toolEnv(), ONNXRUNTIME_NODE_INSTALL: 'cuda12', npm_config_onnxruntime_node_install: 'cuda12' },
})
if (installed.status !== 0 || !libraries.every((file) => existsSync(file))) {
  const reason = /^(?:\w*Error: .*|.*\b(?:ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN)\b.*)$/m.exec(installed.stderr ?? '')?.[0] ?? (installed.stderr ?? '').trim().split('\n')[0] ?? ''
  stop(`The CUDA library could not be fetched: ${reason.trim() || `the installer ended with ${installed.status}`}\n`
    + 'It comes from api.nuget.org (package Microsoft.ML.OnnxRuntime.Gpu.Linux); without that address, unpack that package elsewhere and copy its\n'
    + `runtimes/linux-x64/native/libonnxruntime_providers_*.so to ${join(module, 'bin', 'napi-v6', 'linux', 'x64')}. Until then the workstation runs on the CPU.`)
}
say('The library is there. It also needs CUDA 12 and cuDNN 9 from NVIDIA, where the system\'s loader finds them (LD_LIBRARY_PATH).')
process.exit(await run(process.execPath, [fileURLToPath(new URL('./verify-cuda.mjs', import.meta.url))]))
