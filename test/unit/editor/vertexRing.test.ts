import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { VertexRing } from '#renderer/editor/index.ts'

const pair = fc.tuple(fc.integer({ min: -5000, max: 5000 }), fc.integer({ min: -5000, max: 5000 }))
const list = (max: number) => fc.array(pair, { maxLength: max }).map((p) => p.flat())

describe('a vertex ring', () => {
  test('behaves as a plain list under any splices and moves', () => {
    const edit = fc.record({ at: fc.nat(), count: fc.nat({ max: 300 }), insert: list(300), dx: fc.integer({ min: -9, max: 9 }), move: fc.boolean() })
    fc.assert(fc.property(list(900), fc.array(edit, { maxLength: 12 }), (start, edits) => {
      let ring = VertexRing.ofUnits(start)
      let plain = [...start]
      for (const e of edits) {
        const n = plain.length / 2, at = n === 0 ? 0 : e.at % (n + 1), count = Math.min(e.count, n - at)
        const before = ring.units()
        const next = e.move ? ring.move(at, count, e.dx, 1) : ring.splice(at, count, e.insert)
        expect(ring.units()).toEqual(before)
        plain = e.move ? plain.map((v, i) => (i >= 2 * at && i < 2 * (at + count) ? v + (i % 2 === 0 ? e.dx : 1) : v)) : plain.toSpliced(2 * at, 2 * count, ...e.insert)
        ring = next
        expect(ring.length).toBe(plain.length / 2)
        expect(ring.units()).toEqual(plain)
        if (ring.length > 0) {
          const k = at % ring.length
          expect(ring.at(k)).toEqual({ x: (plain[2 * k] as number) / 1024, y: (plain[2 * k + 1] as number) / 1024 })
          expect(ring.at(-1)).toEqual(ring.at(ring.length - 1))
          const xs = ring.points().map((p) => p.x)
          expect(ring.bounds().left).toBe(Math.min(...xs))
          expect(ring.bounds().left + ring.bounds().width).toBe(Math.max(...xs))
        }
      }
    }), { numRuns: 100 })
  })

  test('refuses what it does not hold', () => {
    expect(() => VertexRing.ofUnits([0, 0, 1, 1]).splice(1, 2, [])).toThrow('2 vertices')
    expect(() => VertexRing.ofUnits([]).at(0)).toThrow('empty')
  })
})
