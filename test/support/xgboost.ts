import { spawnSync } from 'node:child_process'

/** What xgboost itself says of rows of three features: margins and probabilities as it computes them, and how long `inplace_predict` took. */
export interface XgboostAnswer { readonly version: string; readonly ms: number; readonly margin: Float32Array; readonly probability: Float32Array }

const SCRIPT = `
import sys, time, json
import numpy as np, xgboost
rows, size = map(int, sys.stdin.buffer.readline().split())
model = sys.stdin.buffer.read(size)
x = np.frombuffer(sys.stdin.buffer.read(12 * rows), dtype="<f4").reshape(3, rows).T.copy()
booster = xgboost.Booster()
booster.load_model(bytearray(model))
booster.inplace_predict(x[:10])
began = time.perf_counter()
probability = booster.inplace_predict(x)
ms = (time.perf_counter() - began) * 1000
margin = booster.inplace_predict(x, predict_type="margin")
sys.stdout.buffer.write((json.dumps({"version": xgboost.__version__, "ms": ms}) + "\\n").encode())
sys.stdout.buffer.write(margin.astype("<f4").tobytes() + probability.astype("<f4").tobytes())
`

const command = (): string[] => (process.env['PYTHON'] ?? 'python3').split(' ')

/** Why xgboost cannot be asked on this machine, or null where it can. PYTHON names another interpreter than python3. */
export function whyNoXgboost(): string | null {
  const [python = 'python3', ...rest] = command()
  const ran = spawnSync(python, [...rest, '-c', 'import numpy, xgboost'], { encoding: 'utf8' })
  return ran.status === 0 ? null : `${command().join(' ')} cannot import numpy and xgboost`
}

/** Asks xgboost for the rows (a[i], b[i], c[i]) of a booster in its JSON. Throws where it cannot be run. */
export function askXgboost(model: Buffer, columns: readonly [Float32Array, Float32Array, Float32Array]): XgboostAnswer {
  const [python = 'python3', ...rest] = command(), rows = columns[0].length
  const input = Buffer.concat([Buffer.from(`${rows} ${model.length}\n`), model, ...columns.map((v) => Buffer.from(v.buffer, v.byteOffset, v.byteLength))])
  const ran = spawnSync(python, [...rest, '-c', SCRIPT], { input, maxBuffer: 1 << 30 })
  if (ran.status !== 0) throw new Error(`xgboost could not be asked: ${ran.stderr.toString().trim().split('\n').at(-1) ?? ''}`)
  const end = ran.stdout.indexOf(10)
  const values = new Float32Array(Uint8Array.from(ran.stdout.subarray(end + 1)).buffer)
  return { ...(JSON.parse(ran.stdout.subarray(0, end).toString()) as { version: string; ms: number }), margin: values.subarray(0, rows), probability: values.subarray(rows) }
}

/** Distance of two float32 numbers in units in the last place. */
export function ulps(a: number, b: number): number {
  const bits = new Int32Array(Float32Array.of(a, b).buffer)
  return Math.abs((bits[0] as number) - (bits[1] as number))
}
