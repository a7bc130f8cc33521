import { paletteTable } from '#shared/figures/index.ts'
import { decodeImage, decodePng16, encodePng } from './index.ts'

interface Box { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
/** Part of a picture around a box that a classifier saw: as it is with the box drawn in, and with the map laid over the box. */
export interface CamPanels { readonly plain: Buffer; readonly heat: Buffer; readonly width: number; readonly height: number }

/** Room around the box, as a share of its longer side. */
const AROUND = 0.35
const OPACITY = 0.5

/** Bilinear value of a map at a place given in shares of its width and height. */
function sample(map: { width: number; height: number; values: Uint16Array }, u: number, v: number): number {
  const x = Math.min(map.width - 1, Math.max(0, u * map.width - 0.5)), y = Math.min(map.height - 1, Math.max(0, v * map.height - 0.5))
  const x0 = Math.floor(x), y0 = Math.floor(y), x1 = Math.min(map.width - 1, x0 + 1), y1 = Math.min(map.height - 1, y0 + 1), fx = x - x0, fy = y - y0
  const at = (i: number, j: number): number => (map.values[j * map.width + i] ?? 0) / 65535
  return (at(x0, y0) * (1 - fx) + at(x1, y0) * fx) * (1 - fy) + (at(x0, y1) * (1 - fx) + at(x1, y1) * fx) * fy
}

/**
 * @param png the stored picture
 * @param cam its 16-bit Grad-CAM map
 * @param box what the map covers, in pixels of the picture
 * @throws Error when the picture cannot be decoded
 */
export async function camPanels(png: Uint8Array, cam: Uint8Array, box: Box): Promise<CamPanels> {
  const [picture, map] = await Promise.all([decodeImage(png), decodePng16(cam)])
  if (!picture.ok) throw new Error(picture.error.message)
  const { width: w, height: h, channels, data } = picture.value
  const pad = Math.round(AROUND * Math.max(box.width, box.height))
  const left = Math.max(0, box.x - pad), top = Math.max(0, box.y - pad), right = Math.min(w, box.x + box.width + pad), bottom = Math.min(h, box.y + box.height + pad)
  const width = right - left, height = bottom - top, palette = paletteTable('viridis')
  const plain = new Uint8Array(width * height * 3), heat = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const px = left + x, py = top + y, to = (y * width + x) * 3
      const inside = px >= box.x && px < box.x + box.width && py >= box.y && py < box.y + box.height
      const edge = inside && (px === box.x || px === box.x + box.width - 1 || py === box.y || py === box.y + box.height - 1)
      const tone = inside ? Math.round(255 * Math.min(1, sample(map, (px - box.x + 0.5) / box.width, (py - box.y + 0.5) / box.height))) * 3 : 0
      for (let c = 0; c < 3; c++) {
        const grey = data[(py * w + px) * channels + (channels === 1 ? 0 : c)] ?? 0
        plain[to + c] = edge ? 255 : grey
        heat[to + c] = inside ? Math.round(grey * (1 - OPACITY) + (palette[tone + c] ?? 0) * OPACITY) : grey
      }
    }
  }
  const [first, second] = await Promise.all([encodePng({ width, height, channels: 3, data: plain }), encodePng({ width, height, channels: 3, data: heat })])
  return { plain: first, heat: second, width, height }
}
