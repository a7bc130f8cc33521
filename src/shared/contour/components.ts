import type { Bitmap } from '#shared/geometry/index.ts'

export type Connectivity = 4 | 8

/** Horizontal runs of equal pixels, row by row, each with the label of its component (from 1 in scan order): columns start <= x < end of a row. */
export interface LabelledRuns {
  readonly rows: Int32Array
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly labels: Int32Array
  readonly count: number
}

/** labels[i] is 0 for a pixel that is off, else 1 to count in the order in which rows first meet the components; areas[label] in pixels. */
export interface Components { readonly labels: Int32Array; readonly count: number; readonly areas: Uint32Array }

interface Runs { readonly rows: number[]; readonly starts: number[]; readonly ends: number[] }

function findRuns(bitmap: Bitmap, value: 0 | 1): Runs {
  const { width, height, data } = bitmap
  const rows: number[] = [], starts: number[] = [], ends: number[] = []
  for (let y = 0; y < height; y++) {
    const from = y * width, to = from + width
    for (let i = from; i < to;) {
      if (data[i] !== value) {
        i++
        continue
      }
      const start = i
      while (i < to && data[i] === value) i++
      rows.push(y)
      starts.push(start - from)
      ends.push(i - from)
    }
  }
  return { rows, starts, ends }
}

function find(parents: Int32Array, label: number): number {
  let root = label
  while (parents[root] !== root) root = parents[root] as number
  for (let at = label; at !== root;) {
    const next = parents[at] as number
    parents[at] = root
    at = next
  }
  return root
}

/** Joins each run with those of the row above that it touches; the earliest run is the root. */
function joinRuns({ rows, starts, ends }: Runs, connectivity: Connectivity): Int32Array {
  const parents = Int32Array.from({ length: rows.length }, (_, i) => i)
  const reach = connectivity === 8 ? 1 : 0
  let above = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number, start = starts[i] as number, end = ends[i] as number
    while (above < i && ((rows[above] as number) < row - 1 || ((rows[above] as number) === row - 1 && (ends[above] as number) + reach <= start))) above++
    for (let j = above; j < i && rows[j] === row - 1 && (starts[j] as number) < end + reach; j++) {
      const p = find(parents, i), q = find(parents, j)
      parents[Math.max(p, q)] = Math.min(p, q)
    }
  }
  return parents
}

/** The components of the pixels with a value, as runs: union-find over runs, so that the cost follows the outline's length and not the area. */
export function labelRuns(bitmap: Bitmap, connectivity: Connectivity = 8, value: 0 | 1 = 1): LabelledRuns {
  const runs = findRuns(bitmap, value)
  const parents = joinRuns(runs, connectivity)
  const labels = new Int32Array(parents.length)
  let count = 0
  for (let i = 0; i < parents.length; i++) {
    const root = find(parents, i)
    labels[i] = root === i ? ++count : (labels[root] as number)
  }
  return { rows: Int32Array.from(runs.rows), starts: Int32Array.from(runs.starts), ends: Int32Array.from(runs.ends), labels, count }
}

/** Connected components, a label for every pixel. */
export function connectedComponents(bitmap: Bitmap, connectivity: Connectivity = 8, value: 0 | 1 = 1): Components {
  const runs = labelRuns(bitmap, connectivity, value)
  const labels = new Int32Array(bitmap.width * bitmap.height)
  const areas = areasOf(runs)
  runs.labels.forEach((label, i) => {
    const row = (runs.rows[i] as number) * bitmap.width
    labels.fill(label, row + (runs.starts[i] as number), row + (runs.ends[i] as number))
  })
  return { labels, count: runs.count, areas }
}

function areasOf(runs: LabelledRuns): Uint32Array {
  const areas = new Uint32Array(runs.count + 1)
  runs.labels.forEach((label, i) => { areas[label] = (areas[label] as number) + (runs.ends[i] as number) - (runs.starts[i] as number) })
  return areas
}

function fillRuns(target: Bitmap, runs: LabelledRuns, chosen: (label: number) => boolean): Bitmap {
  runs.labels.forEach((label, i) => {
    if (!chosen(label)) return
    const row = (runs.rows[i] as number) * target.width
    target.data.fill(1, row + (runs.starts[i] as number), row + (runs.ends[i] as number))
  })
  return target
}

/** Only the component with the most pixels (the first in scan order of equal ones). */
export function keepLargest(bitmap: Bitmap, connectivity: Connectivity = 8): Bitmap {
  const runs = labelRuns(bitmap, connectivity)
  const areas = areasOf(runs)
  let best = 1
  for (let label = 2; label <= runs.count; label++) if ((areas[label] as number) > (areas[best] as number)) best = label
  return fillRuns({ ...bitmap, data: new Uint8Array(bitmap.data.length) }, runs, (label) => label === best)
}

/**
 * Sets every pixel that is off and not connected (by sides) with the window's border; the window must reach beyond the mask,
 * or the image end there.
 */
export function fillHoles(bitmap: Bitmap): Bitmap {
  const { width, height } = bitmap
  const runs = labelRuns(bitmap, 4, 0)
  const outside = new Uint8Array(runs.count + 1)
  runs.labels.forEach((label, i) => {
    if (runs.rows[i] === 0 || runs.rows[i] === height - 1 || runs.starts[i] === 0 || runs.ends[i] === width) outside[label] = 1
  })
  return fillRuns({ ...bitmap, data: bitmap.data.slice() }, runs, (label) => outside[label] === 0)
}
