import { describe, expect, test } from 'vitest'
import { emptyAnnotation, type AnnotationData } from '#shared/contour/index.ts'
import { imagePoint } from '#shared/geometry/index.ts'
import { driveEditor } from '#test/support/editorDriver.ts'
import { VertexRing } from '#renderer/editor/index.ts'
import { cpuTime } from '#test/support/cpuTime.ts'

const size = { width: 4096, height: 3072 }
const ringOf = (count: number): number[] => Array.from({ length: count }, (_, i) => {
  const angle = (2 * Math.PI * i) / count
  return [2048 + 1400 * Math.cos(angle), 1536 + 1200 * Math.sin(angle)]
}).flat()
const open = (count: number) => {
  const annotation: AnnotationData = { ...emptyAnnotation(size), frames: [{ frame: 0, contours: [{ id: 'a', label: 'lesion', shape: 'polygon', origin: 'drawn', rings: [ringOf(count)] }], measurements: [], draft: null }] }
  return driveEditor({ annotation, canvas: { width: 1600, height: 1200 } }).click(2048, 1536)
}

/** Milliseconds of `moves` pointer moves with the overlay read after each, while one vertex is held. */
function dragCost(count: number, moves: number): number {
  const d = open(count)
  d.down(3448, 1536).move(3460, 1540)
  expect(d.state()).toBe('select/MovingVertices')
  return cpuTime(() => {
    for (let i = 0; i < moves; i++) {
      d.move(3460 + (i % 50), 1540)
      d.editor.overlay()
    }
  })
}

describe('a contour of 20,000 vertices', () => {
  test('costs no more to drag a vertex of than one of 200 (a copy of it would cost a hundredfold)', () => {
    dragCost(20_000, 500)
    const large = Math.min(dragCost(20_000, 2000), dragCost(20_000, 2000)), small = Math.min(dragCost(200, 2000), dragCost(200, 2000))
    console.log(`per move: ${(large / 2).toFixed(2)} us with 20,000 vertices, ${(small / 2).toFixed(2)} us with 200`)
    expect(large / 2000).toBeLessThan(0.5)
    expect(large).toBeLessThan(small * 8 + 20)
  })

  test('sets one vertex down by copying a part', () => {
    const d = open(20_000)
    d.drag([[3448, 1536], [3500, 1500]])
    expect(d.journal).toHaveLength(1)
    expect(JSON.stringify(d.journal).length).toBeLessThan(300)
    const contour = d.editor.snapshot().annotation.contours[0]
    expect(contour?.rings[0]?.length).toBe(20_000)
    expect(contour?.rings[0]?.at(0)).toEqual({ x: 3500, y: 1500 })
  })

  test('is searched by chunks and found as by looking at every vertex', () => {
    const ring = VertexRing.ofUnits(ringOf(20_000).map((v) => Math.round(v * 1024)))
    const all = ring.points()
    for (const p of [imagePoint(3448, 1536), imagePoint(2048, 340), imagePoint(1000, 900)]) {
      const nearest = Math.min(...all.map((q) => Math.hypot(q.x - p.x, q.y - p.y)))
      expect(ring.nearestVertex(p, 3000)?.distance).toBeCloseTo(nearest, 9)
      expect(ring.nearestEdge(p, 3000)?.distance).toBeLessThanOrEqual(nearest + 1e-9)
    }
    expect(ring.nearestVertex(imagePoint(2048, 1536), 10)).toBeUndefined()
    const rect = { left: 3000, top: 1400, width: 500, height: 300 }
    expect(ring.verticesIn(rect)).toEqual(all.flatMap((p, i) => (p.x >= 3000 && p.x <= 3500 && p.y >= 1400 && p.y <= 1700 ? [i] : [])))
  })
})
