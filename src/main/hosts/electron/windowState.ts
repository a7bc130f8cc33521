import type { BrowserWindow, Rectangle } from 'electron'
import { screen } from 'electron'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Stored extends Rectangle { readonly maximized: boolean }

/** Size and place of the window, kept between starts; a place that is on no screen any more is forgotten. */
export function keepWindowState(userData: string): { bounds: Partial<Rectangle>; follow(window: BrowserWindow): void } {
  const file = join(userData, 'window.json')
  let stored: Stored | null = null
  try {
    stored = JSON.parse(readFileSync(file, 'utf8')) as Stored
  } catch {
    stored = null
  }
  const fits = stored !== null && screen.getAllDisplays().some(({ workArea: a }) => stored !== null && stored.x < a.x + a.width - 80 && stored.x + stored.width > a.x + 80 && stored.y >= a.y - 10 && stored.y < a.y + a.height - 80)
  return {
    bounds: stored !== null && fits ? { x: stored.x, y: stored.y, width: stored.width, height: stored.height } : { width: 1440, height: 900 },
    follow(window) {
      if (stored?.maximized === true) window.maximize()
      window.on('close', () => writeFileSync(file, JSON.stringify({ ...window.getNormalBounds(), maximized: window.isMaximized() })))
    },
  }
}
