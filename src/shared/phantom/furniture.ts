import type { Random } from '#shared/lib/index.ts'
import type { Scanner } from './scanner.ts'
import type { Hospital } from './types.ts'

/** A grey canvas of the scanner's whole screen. */
export interface Screen {
  readonly width: number
  readonly height: number
  readonly grey: Uint8Array
}

function box(screen: Screen, x: number, y: number, w: number, h: number, grey: number): void {
  for (let j = Math.max(0, y); j < Math.min(screen.height, y + h); j++) {
    screen.grey.fill(grey, j * screen.width + Math.max(0, x), j * screen.width + Math.min(screen.width, x + w))
  }
}

function greyBar(screen: Screen, x: number, y: number, w: number, h: number): void {
  for (let j = 0; j < h; j++) box(screen, x, y + j, w, 1, Math.round(255 * (1 - j / (h - 1))))
}

/** Rows of short dashes where a scanner writes settings: plainly no words, so nothing can be read or mistaken for a name. */
function dashes(screen: Screen, random: Random, x: number, y: number, rows: number, grey: number): void {
  for (let r = 0; r < rows; r++) {
    let at = x
    for (let n = 2 + random.int(4); n > 0; n--) {
      const length = 4 + random.int(9)
      box(screen, at, y + 7 * r, length, 3, grey)
      at += length + 4
    }
  }
}

function depthTicks(screen: Screen, scanner: Scanner, mmPerPx: number, x: number, direction: 1 | -1): void {
  for (let mm = 0; mm * 1 <= scanner.field.height * mmPerPx; mm += 5) {
    const y = scanner.field.y + Math.round(mm / mmPerPx), length = mm % 10 === 0 ? 7 : 4
    box(screen, direction > 0 ? x : x - length, y, length, 1, 190)
  }
}

function triangle(screen: Screen, x: number, y: number, size: number, direction: 1 | -1): void {
  for (let i = 0; i < size; i++) box(screen, x + direction * i, y - (size - i) + 1, 1, 2 * (size - i) - 1, 210)
}

/** Draws the scanner's furniture around the field: grey-scale bar, depth ticks, focus mark, orientation mark, dashes for settings. */
export function drawFurniture(screen: Screen, scanner: Scanner, hospital: Hospital, mmPerPx: number, random: Random): void {
  const { field } = scanner, right = field.x + field.width
  const focus = field.y + Math.round(scanner.focusMm / mmPerPx)
  if (hospital === 'A') {
    greyBar(screen, 6, 30, 9, 120)
    depthTicks(screen, scanner, mmPerPx, right + 4, 1)
    triangle(screen, right + 20, focus, 5, -1)
    box(screen, field.x + 6, field.y - 11, 7, 7, 200)
    box(screen, field.x + 8, field.y - 9, 3, 3, 20)
    dashes(screen, random, field.x + 26, field.y - 9, 1, 120)
    return
  }
  greyBar(screen, right + 20, 60, 12, 180)
  depthTicks(screen, scanner, mmPerPx, field.x - 4, -1)
  triangle(screen, field.x - 22, focus, 6, 1)
  dashes(screen, random, 8, 6, 3, 150)
  dashes(screen, random, 420, 6, 2, 150)
  box(screen, field.x + 2, field.y - 9, 2, 8, 220)
  box(screen, field.x + 2, field.y - 3, 8, 2, 220)
  dashes(screen, random, field.x + 10, 464, 1, 110)
}
