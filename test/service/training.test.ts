import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '#test/support/studies.ts'

// PYTHON names another interpreter than python3, with its first arguments.
const [python = 'python3', ...first] = (process.env['PYTHON'] ?? 'python3').split(' ')
const needed = 'torch, torchvision, onnx, onnxruntime, xgboost, PIL'
const found = spawnSync(python, [...first, '-c', `import ${needed}`], { encoding: 'utf8' })
const missing = found.status === 0 ? null : `${[python, ...first].join(' ')} cannot import ${needed}`
if (missing !== null) console.log(`skipped: the training recipes in both presets: ${missing}`)

const LONGEST = 20 * 60_000

test.skipIf(missing !== null)('the recipes walk a tiny export in both presets: train, resume, restore, export, fuse, classify, measure, and refuse what they must', async () => {
  const started = Date.now()
  const { code, text } = await new Promise<{ code: number | null; text: string }>((resolve) => {
    const child = spawn(python, [...first, join(root, 'models/training/selftest.py')], { cwd: root })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
    child.on('close', (code) => resolve({ code, text }))
  })
  console.log(`${text.trim().split('\n').slice(-4).join('\n')}\n(${((Date.now() - started) / 1000).toFixed(0)} s on this machine; meant for under 5 minutes on two free cores)`)
  expect(text).toContain('selftest passed')
  expect(code).toBe(0)
}, LONGEST)
