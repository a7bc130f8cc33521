import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { unwrap } from '#shared/lib/index.ts'
import { readLabelme, readNifti, readPngMask, readSegNrrd, writeNifti, writeSegNrrd, type MaskStack } from '#main/formats/masks/index.ts'
import labelme from '../fixtures/masks/labelme_mask.json' with { type: 'json' }

const file = (name: string): Buffer => readFileSync(new URL(`../fixtures/masks/${name}`, import.meta.url))
const WIDTH = 20, HEIGHT = 16
/** The mask of test/reference/itk/masks.cxx and python/nibabel_masks.py: no symmetry, so that a flip is seen. */
const TRICKY = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
  const x = i % WIDTH, y = Math.floor(i / WIDTH)
  return (y >= 2 && y < 12 && x >= 3 && x < 13 && (x < 6 || x > 8 || y < 5 || y > 7)) || (x === 13 && y === 12) || (x === 19 && y === 15) ? 1 : 0
})
const on = (frame: ArrayLike<number> | undefined): number[] => Array.from(frame ?? [], (v) => (v ? 1 : 0))
const isTricky = (stack: MaskStack, frame = 0): void => {
  expect([stack.width, stack.height]).toEqual([WIDTH, HEIGHT])
  expect([stack.spacing.x, stack.spacing.y].map((v) => Number(v.toFixed(5)))).toEqual([0.2, 0.3])
  expect(on(stack.frames[frame])).toEqual([...TRICKY])
}

describe('masks that other programs wrote', () => {
  test('ITK: NIfTI as ITK-SNAP saves it, NRRD, PNG', async () => {
    isTricky(unwrap(readNifti(file('itk.nii.gz'))))
    isTricky(unwrap(readSegNrrd(file('itk.nrrd'))).stack)
    const png = unwrap(await readPngMask(file('itk.png')))
    expect([png.width, png.height, ...on(png.data)]).toEqual([WIDTH, HEIGHT, ...TRICKY])
  })
  test('nibabel: axes that run the other way, int16, NIfTI-2, a labelled float stack', () => {
    isTricky(unwrap(readNifti(file('nibabel_ras_int16.nii.gz'))))
    isTricky(unwrap(readNifti(file('nibabel_lps_nifti2.nii.gz'))))
    const stack = unwrap(readNifti(file('nibabel_stack_float.nii')))
    expect(stack.frames.map((f) => on(f).includes(1))).toEqual([false, true, false])
    isTricky(stack, 1)
  })
  test('read and written again, each gives the same mask', () => {
    const first = unwrap(readNifti(file('itk.nii.gz')))
    isTricky(unwrap(readNifti(writeNifti(first))))
    isTricky(unwrap(readSegNrrd(writeSegNrrd({ stack: first, segments: [{ label: 1, name: 'lesion' }] }))).stack)
  })
  test('labelme: polygon, circle and rectangle; only pixels on the outline, which labelme always takes in, may differ from its own mask', async () => {
    const read = unwrap(await readLabelme(file('labelme.json').toString('utf8')))
    const theirs = labelme.rows.map((row) => [...row].map((c) => (c === '#' ? 1 : 0)))
    const ours = (x: number, y: number): number => (read.shapes.some((s) => s.mask.data[y * read.width + x] === 1) ? 1 : 0)
    const edge = (x: number, y: number): boolean => [[0, 1], [0, -1], [1, 0], [-1, 0], [1, 1], [-1, -1], [1, -1], [-1, 1]].some(([dx = 0, dy = 0]) => (theirs[y + dy]?.[x + dx] ?? 0) !== (theirs[y]?.[x] ?? 0))
    let both = 0, mine = 0, total = 0
    for (let y = 0; y < read.height; y++) for (let x = 0; x < read.width; x++) {
      const a = ours(x, y), b = theirs[y]?.[x] as number
      both += a & b
      mine += a
      total += b
      if (a !== b) expect(edge(x, y), `the pixel ${x}, ${y}`).toBe(true)
    }
    expect((2 * both) / (mine + total)).toBeGreaterThan(0.95)
  })
})
