import { describe, expect, it } from 'vitest'
import { unwrap } from '#shared/lib/index.ts'
import { readPgm } from '#main/formats/pgm.ts'

const bytes = (...parts: (string | number[])[]): Uint8Array => Uint8Array.from(parts.flatMap((p) => (typeof p === 'string' ? [...p].map((c) => c.charCodeAt(0)) : p)))

describe('portable graymaps', () => {
  it('binary, 8 and 16 bits (big-endian), text, comments', () => {
    expect(unwrap(readPgm(bytes('P5\n# made by hand\n3 2\n255\n', [0, 10, 13, 32, 200, 255])))).toEqual({ width: 3, height: 2, channels: 1, maximum: 255, data: Uint8Array.from([0, 10, 13, 32, 200, 255]) })
    expect(unwrap(readPgm(bytes('P5 2 1 65535\n', [1, 0, 255, 254])))).toEqual({ width: 2, height: 1, channels: 1, maximum: 65535, data: Uint16Array.from([256, 65534]) })
    expect(unwrap(readPgm(bytes('P2\n2 2 # size\n15\n0 1 # half\n14 15\n'))).data).toEqual(Uint8Array.from([0, 1, 14, 15]))
  })
  it('pixmaps: the three channels of a pixel together', () => {
    expect(unwrap(readPgm(bytes('P6 2 1 255\n', [1, 2, 3, 4, 5, 6])))).toEqual({ width: 2, height: 1, channels: 3, maximum: 255, data: Uint8Array.from([1, 2, 3, 4, 5, 6]) })
    expect(unwrap(readPgm(bytes('P3 1 1 9\n7 8 9\n'))).data).toEqual(Uint8Array.from([7, 8, 9]))
  })
  it('says what is wrong with a damaged file', () => {
    const error = (b: Uint8Array) => { const r = readPgm(b); return r.ok ? '' : r.error }
    expect(error(bytes('P4 1 1 255\n', [1]))).toContain('P5 or P6')
    expect(error(bytes(''))).toContain('P5 or P6')
    expect(error(bytes('P5 0 1 255\n'))).toContain('header')
    expect(error(bytes('P5 3 x 255\n'))).toContain('header')
    expect(error(bytes('P6 1 1 255\n', [1]))).toBe('The graymap ends early: 1 of 3 samples.')
    expect(error(bytes('P5 2 2 255\n', [1, 2, 3]))).toBe('The graymap ends early: 3 of 4 samples.')
    expect(error(bytes('P2 2 2 255\n1 2'))).toBe('The graymap ends early: 2 of 4 samples.')
  })
})
