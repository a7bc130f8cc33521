import { isFullWindow, windowTransfer, type WindowLevel } from './windowLevel.ts'

const SVG = 'http://www.w3.org/2000/svg'
let made = 0

/**
 * Window and level as a linear SVG transfer filter on the image's canvas: the browser applies it while compositing, so that a drag costs nothing
 * however large the image is. For 8-bit values it equals the table of `windowTable`.
 */
export interface WindowFilter { apply(canvas: HTMLElement, window: WindowLevel): void; remove(): void }

export function createWindowFilter(container: HTMLElement): WindowFilter {
  const id = `window-level-${++made}`
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('width', '0')
  svg.setAttribute('height', '0')
  svg.setAttribute('aria-hidden', 'true')
  svg.style.position = 'absolute'
  const filter = document.createElementNS(SVG, 'filter')
  filter.id = id
  filter.setAttribute('color-interpolation-filters', 'sRGB')
  filter.setAttribute('x', '0')
  filter.setAttribute('y', '0')
  filter.setAttribute('width', '100%')
  filter.setAttribute('height', '100%')
  const transfer = document.createElementNS(SVG, 'feComponentTransfer')
  const channels = ['feFuncR', 'feFuncG', 'feFuncB'].map((name) => document.createElementNS(SVG, name))
  for (const channel of channels) channel.setAttribute('type', 'linear')
  transfer.append(...channels)
  filter.append(transfer)
  svg.append(filter)
  container.append(svg)
  return {
    apply(canvas, window) {
      const { slope, intercept } = windowTransfer(window)
      for (const channel of channels) {
        channel.setAttribute('slope', String(slope))
        channel.setAttribute('intercept', String(intercept))
      }
      canvas.style.filter = isFullWindow(window) ? '' : `url(#${id})`
    },
    remove: () => svg.remove(),
  }
}
