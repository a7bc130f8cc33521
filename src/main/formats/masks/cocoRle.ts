import type { MaskImage } from './maskImage.ts'

/** COCO run lengths: column by column from the top left, off first (cocoapi maskApi). */
export function cocoCounts({ width, height, data }: MaskImage): number[] {
  const counts: number[] = []
  let value = 0, run = 0
  for (let x = 0; x < width; x++) for (let y = 0; y < height; y++) {
    const on = data[y * width + x] ? 1 : 0
    if (on !== value) {
      counts.push(run)
      run = 0
      value = on
    }
    run++
  }
  return [...counts, run]
}

export function maskFromCounts(counts: readonly number[], width: number, height: number): MaskImage {
  if (counts.some((n) => !Number.isInteger(n) || n < 0) || counts.reduce((a, b) => a + b, 0) !== width * height) throw new Error('its run lengths do not fill the picture')
  const data = new Uint8Array(width * height)
  let at = 0
  counts.forEach((run, i) => {
    if (i % 2 === 1) for (let k = at; k < at + run; k++) data[(k % height) * width + Math.floor(k / height)] = 1
    at += run
  })
  return { width, height, data }
}

/** The compressed text of run lengths: from the third on each is the difference to the one two before, in 5-bit groups from character 48 on. */
export function countsToText(counts: readonly number[]): string {
  let text = ''
  counts.forEach((count, i) => {
    let x = i > 2 ? count - (counts[i - 2] as number) : count
    for (let more = true; more;) {
      const bits = x & 31
      x >>= 5
      more = bits & 16 ? x !== -1 : x !== 0
      text += String.fromCharCode((more ? bits | 32 : bits) + 48)
    }
  })
  return text
}

export function countsFromText(text: string): number[] {
  const counts: number[] = []
  for (let at = 0; at < text.length;) {
    let x = 0, shift = 0, more = true
    while (more) {
      if (at >= text.length || shift > 30) throw new Error('its run lengths are cut off')
      const code = text.charCodeAt(at++) - 48
      x |= (code & 31) << shift
      more = (code & 32) !== 0
      shift += 5
      if (!more && code & 16 && shift < 32) x |= -1 << shift
    }
    counts.push(counts.length > 2 ? x + (counts[counts.length - 2] as number) : x)
  }
  return counts
}
