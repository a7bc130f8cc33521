import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unwrap } from '#shared/lib/index.ts'
import {
  cocoCounts, countsFromText, countsToText, maskFromCounts, readCoco, readLabelme, readNifti, readPngMask, readSegNrrd, writeCoco, writeLabelme, writeNifti, writePngMask, writeSegNrrd,
  type MaskImage, type MaskStack,
} from '#main/formats/masks/index.ts'

const mask = fc.record({ width: fc.integer({ min: 1, max: 24 }), height: fc.integer({ min: 1, max: 24 }) }).chain(({ width, height }) =>
  fc.array(fc.constantFrom(0, 0, 1, 1, 1), { minLength: width * height, maxLength: width * height }).map((values): MaskImage => ({ width, height, data: Uint8Array.from(values) })))

/** A blob with a hole, a second part, and a pixel that touches by a corner. */
const tricky = (): MaskImage => {
  const data = new Uint8Array(20 * 16)
  for (let y = 2; y < 12; y++) for (let x = 3; x < 13; x++) if (x < 6 || x > 8 || y < 5 || y > 7) data[y * 20 + x] = 1
  data[12 * 20 + 13] = 1
  data[15 * 20 + 19] = 1
  return { width: 20, height: 16, data }
}
const same = (a: MaskImage, b: MaskImage): void => {
  expect([a.width, a.height]).toEqual([b.width, b.height])
  expect(Buffer.compare(Buffer.from(a.data), Buffer.from(b.data))).toBe(0)
}
const stackOf = (...masks: MaskImage[]): MaskStack => ({ width: masks[0]?.width ?? 0, height: masks[0]?.height ?? 0, frames: masks.map((m) => m.data), spacing: { x: 0.2, y: 0.3 } })
const holds = async (check: (m: MaskImage) => Promise<void>): Promise<void> => {
  await check(tricky())
  await fc.assert(fc.asyncProperty(mask, check), { numRuns: 40, seed: 7 })
}

describe('the same mask comes back, bit for bit', () => {
  test('PNG', () => holds(async (m) => same(unwrap(await readPngMask(await writePngMask(m))), m)))
  test('NIfTI', () => holds((m) => {
    const back = unwrap(readNifti(writeNifti(stackOf(m, { ...m, data: m.data.slice().reverse() }))))
    expect(back.frames.length).toBe(2)
    expect([back.spacing.x, back.spacing.y].map((v) => Number(v.toFixed(6)))).toEqual([0.2, 0.3])
    same({ ...back, data: back.frames[0] as Uint8Array }, m)
    same({ ...back, data: back.frames[1] as Uint8Array }, { ...m, data: m.data.slice().reverse() })
    return Promise.resolve()
  }))
  test('seg.nrrd', () => holds((m) => {
    const back = unwrap(readSegNrrd(writeSegNrrd({ stack: stackOf(m), segments: [{ label: 1, name: 'tumour', colour: [10, 200, 30] }] })))
    expect(back.segments).toEqual([{ label: 1, name: 'tumour', colour: [10, 200, 30] }])
    expect(back.stack.spacing).toEqual({ x: 0.2, y: 0.3 })
    same({ ...back.stack, data: back.stack.frames[0] as Uint8Array }, m)
    return Promise.resolve()
  }))
  test.each([['polygon' as const], ['rle' as const]])('COCO as %s', (style) => holds((m) => {
    const images = [{ id: 4, fileName: 'a.png', width: m.width, height: m.height }]
    const back = unwrap(readCoco(writeCoco({ images, annotations: [{ imageId: 4, category: 'tumour', mask: m }] }, style)))
    expect(back.annotations[0]?.category).toBe('tumour')
    same(back.annotations[0]?.mask as MaskImage, m)
    return Promise.resolve()
  }))
  test('labelme', () => holds(async (m) => {
    if (!m.data.includes(1)) return
    const other = { ...m, data: m.data.map((v) => 1 - v) }
    const shapes = [{ label: 'tumour', mask: m }, ...(other.data.includes(1) ? [{ label: 'tumour', mask: other }] : [])]
    const back = unwrap(await readLabelme(await writeLabelme({ imagePath: 'a.png', width: m.width, height: m.height, shapes })))
    expect(back.shapes.length).toBe(shapes.length)
    back.shapes.forEach((shape, i) => same(shape.mask, shapes[i]?.mask as MaskImage))
  }))
})

describe('NIfTI orientation', () => {
  const plain = (): Buffer => gunzipSync(writeNifti(stackOf(tricky())))

  test('is that of a picture in ITK-SNAP: LPS identity, so minus signs in RAS', () => {
    const bytes = plain()
    expect([0, 1, 2, 3, 4, 5].map((i) => Number(bytes.readFloatLE(280 + i * 4).toFixed(4)) + 0)).toEqual([-0.2, 0, 0, 0, 0, -0.3])
    expect([bytes.readInt16LE(252), bytes.readInt16LE(254), bytes.readFloatLE(264)]).toEqual([1, 1, 1])
    expect([bytes[352 + 2 * 20 + 3], bytes[352]]).toEqual([1, 0])
  })

  test('a volume stored the other way round is turned back', () => {
    const bytes = plain()
    const m = tricky()
    for (let y = 0; y < 16; y++) bytes.set(m.data.slice(y * 20, (y + 1) * 20).reverse(), 352 + y * 20)
    bytes.writeFloatLE(0.2, 280) // x now runs to the right
    const back = unwrap(readNifti(gzipSync(bytes)))
    same({ ...back, data: back.frames[0] as Uint8Array }, m)
  })

  test('an oblique one is refused', () => {
    const bytes = plain()
    bytes.writeFloatLE(0.1, 284)
    expect(readNifti(bytes)).toMatchObject({ ok: false, error: { code: 'unsupported' } })
  })

  test('values that are no labels are refused', () => {
    const bytes = plain()
    bytes.writeFloatLE(0.5, 112)
    expect(readNifti(bytes)).toMatchObject({ ok: false, error: { code: 'unsupported' } })
  })
})

describe('COCO run lengths', () => {
  test('go down the columns and compress as cocoapi does', () => {
    const m: MaskImage = { width: 3, height: 2, data: Uint8Array.of(0, 1, 0, 1, 1, 0) }
    expect(cocoCounts(m)).toEqual([1, 3, 2])
    expect(countsToText([1, 3, 2])).toBe('132')
  })
  test('any run lengths survive the text', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 3_000_000 }), { minLength: 1 }), (counts) => { expect(countsFromText(countsToText(counts))).toEqual(counts) }), { seed: 3 })
  })
  // 'D' is 20 = 0b10100: more than 4 bits, so two groups: 20|32 -> 'd', then 0 -> '0'.
  test('a known text', () => expect([countsToText([20]), countsFromText('d0')]).toEqual(['d0', [20]]))
  test('that do not fill the picture are refused', () => expect(() => maskFromCounts([3, 2], 2, 2)).toThrow())
})

describe('files that are not what they say', () => {
  test.each([
    ['NIfTI', (b: Uint8Array) => readNifti(b)], ['NRRD', (b: Uint8Array) => readSegNrrd(b)], ['COCO', (b: Uint8Array) => readCoco(Buffer.from(b).toString())],
  ] as const)('%s', (_name, read) => {
    for (const bytes of [new Uint8Array(0), Buffer.from('hello'), Buffer.from('{}'), Buffer.from('NRRD0004\n\n'), gzipSync(Buffer.alloc(400))]) {
      const result = read(bytes)
      expect(result.ok).toBe(false)
      if (!result.ok) expect(result.error.message).toMatch(/\.$/)
    }
  })

  test('a gzip bomb is not inflated', () => {
    const header = 'NRRD0004\ntype: uint8\ndimension: 2\nsizes: 4 4\nencoding: gzip\n\n'
    expect(readSegNrrd(Buffer.concat([Buffer.from(header), gzipSync(Buffer.alloc(50_000_000))]))).toMatchObject({ ok: false, error: { code: 'corrupt' } })
  })

  test('sizes beyond reason', () => {
    expect(readSegNrrd(Buffer.from('NRRD0004\ntype: uint8\ndimension: 2\nsizes: 400000 400000\nencoding: raw\n\n'))).toMatchObject({ ok: false, error: { code: 'too_large' } })
    const coco = { images: [{ id: 1, file_name: 'a', width: 1e6, height: 1e6 }], annotations: [{ image_id: 1, category_id: 1, segmentation: [[0, 0, 1, 0, 1, 1]] }] }
    expect(readCoco(JSON.stringify(coco))).toMatchObject({ ok: false, error: { code: 'too_large' } })
  })

  test('a labelme line is named: it has no inside', async () => {
    const file = { imagePath: 'a', imageHeight: 4, imageWidth: 4, shapes: [{ label: 'x', points: [[1, 1], [2, 2]], shape_type: 'linestrip' }] }
    expect(await readLabelme(JSON.stringify(file))).toMatchObject({ ok: false, error: { code: 'unsupported', message: expect.stringContaining('linestrip') as string } })
  })
})
