import { createRandom } from '#shared/lib/index.ts'

/** A speckled phantom with a dark lesion; returns a canvas and the lesion's masks. */
export function phantom(width = 640, height = 480, seed = 'gallery') {
  const random = createRandom(seed)
  const canvas = new globalThis.OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  const pixels = context.createImageData(width, height)
  const inside = (x, y, grow) => {
    const a = Math.atan2(y - height * 0.46, x - width * 0.5)
    const r = Math.hypot((x - width * 0.5) / 1.5, y - height * 0.46)
    return r < height * 0.17 * (1 + 0.12 * Math.sin(5 * a) + 0.06 * Math.sin(11 * a + 1)) + grow
  }
  const noise = new Float32Array(width * height)
  for (let i = 0; i < noise.length; i++) noise[i] = random.normal()
  const blurred = new Float32Array(noise.length)
  for (let y = 2; y < height - 2; y++) for (let x = 3; x < width - 3; x++) {
    let sum = 0
    for (let dx = -3; dx <= 3; dx++) sum += noise[y * width + x + dx] + noise[(y + 1) * width + x + dx]
    blurred[y * width + x] = Math.abs(sum / 3.7)
  }
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    const depth = y / height
    let level = depth < 0.06 ? 170 : depth < 0.3 ? 62 + 18 * Math.sin(y / 9 + Math.sin(x / 60)) : 92 - 40 * depth
    if (inside(x, y, 0)) level = 16
    else if (Math.abs(x - width * 0.5) < height * 0.2 && y > height * 0.6) level *= 0.5
    const value = Math.min(255, level * (0.25 + blurred[y * width + x]))
    pixels.data.set([value, value, value, 255], 4 * (y * width + x))
  }
  context.putImageData(pixels, 0, 0)
  const mask = (grow) => {
    const data = new Uint8Array(width * height)
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data[y * width + x] = inside(x, y, grow + 2 * Math.sin(x / 17)) ? 1 : 0
    return { width, height, data }
  }
  const heat = { width: 56, height: 42, values: new Float32Array(56 * 42) }
  for (let y = 0; y < 42; y++) for (let x = 0; x < 56; x++) heat.values[y * 56 + x] = Math.exp(-(((x - 31) / 9) ** 2) - ((y - 19) / 6) ** 2)
  return { canvas, mask, heat }
}

export function caseRows(count) {
  const random = createRandom('rows')
  const pick = (items) => items[random.int(items.length)]
  return Array.from({ length: count }, (_, i) => ({
    id: `Case ${String(i + 1).padStart(4, '0')}`,
    cohort: pick(['train', 'internal validation', 'external test']),
    hospital: pick(['A', 'A', 'B']),
    age: 30 + random.int(50),
    size: random.next() < 0.1 ? null : 6 + random.next() * 34,
    grade: pick(['I', 'II', 'III', null]),
    er: pick(['positive', 'positive', 'negative']),
    steps: [true, random.next() < 0.8, random.next() < 0.5, random.next() < 0.3],
    dice: random.next() < 0.15 ? null : 0.7 + random.next() * 0.28,
    risk: random.next() < 0.15 ? null : random.next(),
    state: pick(['ok', 'ok', 'attention', 'neutral', 'stop', 'progress']),
  }))
}
