import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { generateCine, planDemoStudy, renderPhantom, renderSlice, type CasePlan, type PhantomImage } from '#shared/phantom/index.ts'

const hash = (image: PhantomImage): string => createHash('sha256').update(image.pixels).update(image.mask).digest('hex')
const cases = planDemoStudy({ cases: 40, seed: 'render' }).cases
const ofHospital = (hospital: string): CasePlan[] => cases.filter((c) => c.hospital === hospital && c.excludedReason === null)
const sample = [...ofHospital('A').slice(0, 5), ...ofHospital('B').slice(0, 3)]

/** Mask pixels with a neighbour outside: enough for the largest diameter. */
function borderPoints({ mask, width }: PhantomImage): { x: number; y: number }[] {
  const points: { x: number; y: number }[] = []
  mask.forEach((v, k) => {
    if (v !== 0 && !(mask[k - 1] && mask[k + 1] && mask[k - width] && mask[k + width])) points.push({ x: k % width, y: Math.floor(k / width) })
  })
  return points
}

function largestDiameterPx(image: PhantomImage): number {
  const points = borderPoints(image)
  let best = 0
  for (const a of points) for (const b of points) best = Math.max(best, Math.hypot(a.x - b.x, a.y - b.y))
  return best
}

const area = (image: PhantomImage): number => image.mask.reduce((sum, v) => sum + (v === 255 ? 1 : 0), 0)

/** Pixels of the mask reachable from its first one, by sides. */
function connectedArea({ mask, width }: PhantomImage): number {
  const seen = new Uint8Array(mask.length), stack = [mask.indexOf(255)]
  let count = 0
  while (stack.length > 0) {
    const k = stack.pop()!
    if (seen[k] || mask[k] !== 255) continue
    seen[k] = 1
    count++
    stack.push(k - 1, k + 1, k - width, k + width)
  }
  return count
}

function meanWhere(image: PhantomImage, keep: (k: number) => boolean): number {
  let sum = 0, count = 0
  for (let k = 0; k < image.mask.length; k++) {
    if (!keep(k)) continue
    sum += image.pixels[k * image.channels] as number
    count++
  }
  return sum / count
}

describe('a rendered phantom', () => {
  const images = sample.map((c) => renderPhantom(c, 0))

  it('is the same twice and does not depend on what was rendered before', () => {
    const again = sample.toReversed().map((c) => hash(renderPhantom(JSON.parse(JSON.stringify(c)) as CasePlan, 0))).toReversed()
    expect(again).toEqual(images.map(hash))
    expect(new Set(again).size).toBe(sample.length)
  })

  it('has the size and channels of its hospital', () => {
    for (const [i, image] of images.entries()) {
      const a = sample[i]?.hospital === 'A'
      expect([image.width, image.height, image.channels]).toEqual(a ? [560, 440, 1] : [640, 480, 3])
      expect(image.pixels).toHaveLength(image.width * image.height * image.channels)
      expect(image.mask).toHaveLength(image.width * image.height)
    }
  })

  it('tints hospital B', () => {
    const image = images.at(-1)!
    const mean = (c: number): number => image.pixels.reduce((sum, v, k) => sum + (k % 3 === c ? v : 0), 0)
    expect(mean(2)).toBeLessThan(0.97 * mean(0))
  })

  it('has a mask of one piece, 0 or 255, as long as the manifest says', () => {
    for (const [i, image] of images.entries()) {
      expect(new Set(image.mask)).toEqual(new Set([0, 255]))
      expect(connectedArea(image)).toBeGreaterThan(0.995 * area(image))
      const measured = largestDiameterPx(image) * image.mmPerPx.x, stated = sample[i]!.clinical.sizeMm
      expect(Math.abs(measured - stated)).toBeLessThan(0.15 + 0.03 * stated)
    }
  })

  it('keeps the whole lesion inside the ultrasound field', () => {
    for (const plan of [...ofHospital('A'), ...ofHospital('B')].toSorted((a, b) => b.lesion.sizeMm - a.lesion.sizeMm).slice(0, 4)) {
      const image = renderPhantom(plan, 0), margin = plan.hospital === 'A' ? 22 : 48
      for (const p of borderPoints(image)) {
        expect(p.x).toBeGreaterThan(margin)
        expect(p.x).toBeLessThan(image.width - margin + 4)
        expect(p.y).toBeGreaterThan(30)
        expect(p.y).toBeLessThan(image.height - 26)
      }
    }
  })

  it('shows lesions darker than the tissue beside them, by amounts that vary', () => {
    const differences = images.map((image) => {
      const rows = borderPoints(image).map((p) => p.y), top = Math.min(...rows), bottom = Math.max(...rows)
      const columns = borderPoints(image).map((p) => p.x), left = Math.min(...columns) - 30, right = Math.max(...columns) + 30
      const inside = meanWhere(image, (k) => image.mask[k] === 255)
      const beside = meanWhere(image, (k) => {
        const x = k % image.width, y = Math.floor(k / image.width)
        return image.mask[k] === 0 && x > left && x < right && y >= top && y <= bottom
      })
      return beside - inside
    })
    for (const d of differences) expect(d).toBeGreaterThan(2)
    expect(Math.max(...differences) - Math.min(...differences)).toBeGreaterThan(10)
  })

  it('shows further cross-sections of the same lesion, smaller than the first', () => {
    const many = planDemoStudy({ cases: 300, seed: 4 }).cases.find((c) => c.images === 3)!
    const [first, second, third] = [0, 1, 2].map((i) => renderPhantom(many, i)) as [PhantomImage, PhantomImage, PhantomImage]
    expect(area(second)).toBeLessThan(area(first))
    expect(area(third)).toBeLessThan(area(first))
    expect(area(third)).toBeGreaterThan(0.4 * area(first))
    expect(second.mmPerPx).toEqual(first.mmPerPx)
    expect(hash(second)).not.toBe(hash(third))
    expect(() => renderPhantom(many, 3)).toThrow(RangeError)
  })

  it('has no lesion beyond its ends', () => {
    expect(area(renderSlice(sample[0]!, 1.1, { from: 1, to: 1, blend: 0 }))).toBe(0)
  })
})

describe('a cine', () => {
  const frames = generateCine('cine', 9)

  it('sweeps through the lesion: empty, growing, largest in the middle, empty', () => {
    const areas = frames.map(area)
    expect(frames).toHaveLength(9)
    expect(areas[0]).toBe(0)
    expect(areas[8]).toBe(0)
    expect(areas[4]).toBe(Math.max(...areas))
    expect(areas[2]).toBeGreaterThan(0)
    expect(areas[2]).toBeLessThan(areas[4]!)
  })

  it('is deterministic and moves little from frame to frame', () => {
    const close = generateCine('cine', 30)
    expect(generateCine('cine', 9).map(hash)).toEqual(frames.map(hash))
    const gap = (a: PhantomImage, b: PhantomImage): number => a.pixels.reduce((sum, v, k) => sum + Math.abs(v - (b.pixels[k] as number)), 0)
    expect(gap(close[14]!, close[15]!)).toBeLessThan(0.75 * gap(close[14]!, close[24]!))
  })

  it('refuses a single frame', () => {
    expect(() => generateCine('cine', 1)).toThrow(RangeError)
  })
})
