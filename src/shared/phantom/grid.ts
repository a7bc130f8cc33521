/** A coarse map over the field: half the image's resolution, because tissue is smooth at the scale of the point-spread function. */
export interface Grid {
  readonly width: number
  readonly height: number
  /** mm between neighbouring points of the grid. */
  readonly step: number
  /** x in mm of column 0; row 0 lies at y = 0. */
  readonly left: number
}

export function gridOver(fieldWidth: number, fieldHeight: number, mmPerPx: number, widthMm: number): Grid {
  return { width: Math.ceil(fieldWidth / 2) + 1, height: Math.ceil(fieldHeight / 2) + 1, step: 2 * mmPerPx, left: -widthMm / 2 }
}

/** Bilinear enlargement by two onto `width` x `height` pixels. */
export function enlarge(grid: Grid, values: Float32Array, width: number, height: number): Float32Array {
  const out = new Float32Array(width * height), row = new Float32Array(grid.width)
  for (let y = 0; y < height; y++) {
    const upper = (y >> 1) * grid.width, lower = upper + (y & 1) * grid.width
    for (let i = 0; i < grid.width; i++) row[i] = 0.5 * ((values[upper + i] as number) + (values[lower + i] as number))
    const start = y * width
    for (let x = 0; x < width; x++) {
      const i = x >> 1
      out[start + x] = x & 1 ? 0.5 * ((row[i] as number) + (row[i + 1] as number)) : (row[i] as number)
    }
  }
  return out
}
