/** How the image is shown; none of it touches the pixels that tools and models see. Grey values 0 to 255. */
export interface Display {
  /** The grey value shown at half brightness, and how many grey values the brightness range spans. */
  readonly level: number
  readonly window: number
  readonly interpolation: 'nearest' | 'smooth'
  /** Draw pixel borders from GRID_SCALE on. */
  readonly pixelGrid: boolean
  readonly crosshair: boolean
  /** Contours are hidden (Tab held). */
  readonly contoursHidden: boolean
}

/** From this scale on pixel borders are far enough apart to be drawn. */
export const GRID_SCALE = 8

export const DEFAULT_DISPLAY: Display = Object.freeze({
  level: 127.5, window: 255, interpolation: 'smooth', pixelGrid: true, crosshair: false, contoursHidden: false,
})

export interface LevelPreset { readonly id: string; readonly title: string; readonly level: number; readonly window: number }

export const LEVEL_PRESETS: readonly LevelPreset[] = [
  { id: 'full', title: 'Full range', level: 127.5, window: 255 },
  { id: 'dark', title: 'Dark tissue', level: 55, window: 110 },
  { id: 'middle', title: 'Middle tissue', level: 100, window: 130 },
  { id: 'bright', title: 'Bright tissue', level: 185, window: 140 },
]

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))

/** A drag by CSS pixels: right widens the window (less contrast), down raises the level (darker). */
export const dragLevels = (display: Display, dx: number, dy: number): Display =>
  ({ ...display, window: clamp(display.window + dx, 1, 510), level: clamp(display.level + dy / 2, 0, 255) })

/** The brightness 0..255 of each grey value, to be applied to the image's pixels. */
export function levelTable(display: Pick<Display, 'level' | 'window'>): Uint8ClampedArray {
  return Uint8ClampedArray.from({ length: 256 }, (_, grey) => Math.round(((grey - display.level) / display.window + 0.5) * 255))
}
