import type { Bitmap } from '#shared/geometry/index.ts'

export type Connectivity = 4 | 8

/** labels[i] is 0 for a pixel that is off, else 1 to count in the order in which rows first meet the components; areas[label] in pixels. */
export interface Components { readonly labels: Int32Array; readonly count: number; readonly areas: Uint32Array }

function find(parents: number[], label: number): number {
  let root = label
  while (parents[root] !== root) root = parents[root] as number
  for (let at = label; at !== root;) {
    const next = parents[at] as number
    parents[at] = root
    at = next
  }
  return root
}

/** The smallest root stays, so that labels keep the scan order. */
function join(parents: number[], a: number, b: number): number {
  const p = find(parents, a), q = find(parents, b)
  const root = Math.min(p, q)
  parents[Math.max(p, q)] = root
  return root
}

/** Connected components of the pixels with a value, by two passes and union-find (Rosenfeld and Pfaltz 1966). */
export function connectedComponents(bitmap: Bitmap, connectivity: Connectivity = 8, value: 0 | 1 = 1): Components {
  const { width, height, data } = bitmap
  const labels = new Int32Array(width * height)
  const parents: number[] = [0]
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (data[i] !== value) continue
      let label = 0
      const meet = (other: number): void => {
        if (other !== 0) label = label === 0 ? other : label === other ? label : join(parents, label, other)
      }
      if (x > 0) meet(labels[i - 1] as number)
      if (y > 0) {
        meet(labels[i - width] as number)
        if (connectivity === 8) {
          if (x > 0) meet(labels[i - width - 1] as number)
          if (x + 1 < width) meet(labels[i - width + 1] as number)
        }
      }
      if (label === 0) {
        label = parents.length
        parents.push(label)
      }
      labels[i] = label
    }
  }
  return compact(labels, parents)
}

function compact(labels: Int32Array, parents: number[]): Components {
  const final = new Int32Array(parents.length)
  let count = 0
  for (let label = 1; label < parents.length; label++) if (find(parents, label) === label) final[label] = ++count
  const areas = new Uint32Array(count + 1)
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number
    if (label === 0) continue
    const name = final[find(parents, label)] as number
    labels[i] = name
    areas[name] = (areas[name] as number) + 1
  }
  return { labels, count, areas }
}

/** Only the component with the most pixels (the first in scan order of equal ones). */
export function keepLargest(bitmap: Bitmap, connectivity: Connectivity = 8): Bitmap {
  const { labels, count, areas } = connectedComponents(bitmap, connectivity)
  let best = 1
  for (let label = 2; label <= count; label++) if ((areas[label] as number) > (areas[best] as number)) best = label
  return { ...bitmap, data: Uint8Array.from(labels, (label) => (label === best ? 1 : 0)) }
}

/** Sets every pixel that is off and not connected (by sides) with the window's border; the window must reach beyond the mask, or the image end there. */
export function fillHoles(bitmap: Bitmap): Bitmap {
  const { width, height } = bitmap
  const { labels, count } = connectedComponents(bitmap, 4, 0)
  const outside = new Uint8Array(count + 1)
  for (let x = 0; x < width; x++) {
    outside[labels[x] as number] = 1
    outside[labels[(height - 1) * width + x] as number] = 1
  }
  for (let y = 0; y < height; y++) {
    outside[labels[y * width] as number] = 1
    outside[labels[y * width + width - 1] as number] = 1
  }
  outside[0] = 0
  return { ...bitmap, data: Uint8Array.from(labels, (label) => (outside[label] === 1 ? 0 : 1)) }
}
