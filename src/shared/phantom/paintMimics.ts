import type { EchoField } from './echoField.ts'
import type { Noise } from './noise.ts'
import type { Mimic, Scene } from './scene.ts'

function paintMimic(field: EchoField, m: Mimic, broad: Noise): void {
  const reach = 1.25 * Math.max(m.halfWidth, m.halfHeight), c = Math.cos(m.tilt), s = Math.sin(m.tilt)
  const i0 = Math.max(0, Math.floor((m.x - reach - field.left) / field.mmPerPx)), i1 = Math.min(field.width - 1, Math.ceil((m.x + reach - field.left) / field.mmPerPx))
  const j0 = Math.max(0, Math.floor((m.y - reach) / field.mmPerPx)), j1 = Math.min(field.height - 1, Math.ceil((m.y + reach) / field.mmPerPx))
  for (let j = j0; j <= j1; j++) {
    for (let i = i0; i <= i1; i++) {
      const x = field.left + i * field.mmPerPx - m.x, y = j * field.mmPerPx - m.y, k = j * field.width + i
      const u = (c * x + s * y) / m.halfWidth, v = (c * y - s * x) / m.halfHeight
      const r = Math.hypot(u, v) * (1 + 0.09 * broad(x / 2 + m.x, y / 2 + m.y)), d = (r - 1) * m.halfHeight
      const weight = 1 / (1 + Math.exp(d / 0.12))
      const capsule = Math.exp(-((d / 0.3) ** 2)) * (m.kind === 'cyst' ? Math.abs(v) : 0.6)
      const content = m.kind === 'cyst' ? -40 : -18.5 + 2 * broad(x / 3, y / 1.4 + 300)
      const before = field.diffuse[k] as number
      field.diffuse[k] = before + weight * (content - before) + 7 * capsule * (1 - 0.5 * weight)
      if (weight > 0.1) field.specular[k] = (field.specular[k] as number) - 60 * weight
    }
  }
}

/** Paints cysts and fat lobules: things a network must learn to leave alone. They fade away as the sweep leaves the central slice. */
export function paintMimics(field: EchoField, scene: Scene, z: number, broad: Noise): void {
  for (const m of scene.mimics) {
    const section = Math.sqrt(Math.max(0, 1 - (0.7 * z) ** 2))
    if (section > 0.3) paintMimic(field, { ...m, halfWidth: m.halfWidth * section, halfHeight: m.halfHeight * section }, broad)
  }
}

/** Paints ribs: a bright convex surface with nothing behind it. */
export function paintRibs(field: EchoField, scene: Scene, surfaceMm: number, broad: Noise): void {
  for (const rib of scene.ribs) {
    for (let i = 0; i < field.width; i++) {
      const u = (field.left + i * field.mmPerPx - rib.x) / rib.halfWidth
      if (Math.abs(u) > 1) continue
      const top = surfaceMm + 0.4 * rib.halfWidth * (1 - Math.sqrt(1 - u * u)) + 0.5 * broad(4 * u, 350), depth = 1 - u ** 6
      for (let j = Math.max(0, Math.floor((top - 0.5) / field.mmPerPx)); j < field.height; j++) {
        const below = j * field.mmPerPx - top, k = j * field.width + i
        if (below < 0.45) field.specular[k] = Math.max(field.specular[k] as number, -14 - 12 * u * u - 10 * Math.abs(below - 0.15) + 5 * broad(6 * u, 370))
        else {
          field.diffuse[k] = (field.diffuse[k] as number) - 17 * depth * Math.min(1, below / 3)
          field.specular[k] = (field.specular[k] as number) - 30 * depth
        }
      }
    }
  }
}
