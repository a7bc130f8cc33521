import { describe, expect, it } from 'vitest'
import { fitViewport, uniformCalibration, uncalibrated } from '#shared/geometry/index.ts'
import { paletteTable } from '#shared/figures/index.ts'
import { heatPixels } from '#renderer/canvas/overlays/heatPixels.ts'
import { createImageCache } from '#renderer/canvas/viewport/imageCache.ts'
import type { LoadedImage } from '#renderer/canvas/viewport/imageSource.ts'
import { niceLength, scaleBarFor } from '#renderer/canvas/viewport/scaleBar.ts'
import { clampWindow, dragWindow, fullWindow, isFullWindow, windowTable, windowTransfer } from '#renderer/canvas/viewport/windowLevel.ts'
import { wheelFactor, wheelPixels } from '#renderer/canvas/viewport/gestures.ts'
import { viewportKey } from '#renderer/canvas/vue/keys.ts'

describe('window and level', () => {
  it('of the full range changes nothing', () => {
    expect(windowTransfer(fullWindow)).toEqual({ slope: 1, intercept: -0 })
    expect([...windowTable(fullWindow)]).toEqual(Array.from({ length: 256 }, (_, i) => i))
  })
  it('maps the window’s ends to black and white, with the same transfer for filter and table', () => {
    const window = { centre: 100, width: 50 }
    const table = windowTable(window)
    expect([table[75], table[125], table[60], table[200]]).toEqual([0, 255, 0, 255])
    expect(Math.abs((table[100] as number) - 127.5)).toBeLessThan(1)
    const { slope, intercept } = windowTransfer(window)
    for (let i = 0; i < 256; i++) expect(Math.abs((table[i] as number) - 255 * Math.min(1, Math.max(0, (slope * i) / 255 + intercept)))).toBeLessThanOrEqual(0.5 + 1e-9)
  })
  it('is dragged wider to the right, brighter upwards, and stays within what makes a difference', () => {
    expect(dragWindow({ centre: 100, width: 100 }, 40, -20)).toEqual({ centre: 90, width: 130 })
    expect(clampWindow({ centre: 999, width: -5 })).toEqual({ centre: 255, width: 1 })
    expect(isFullWindow(dragWindow(fullWindow, 0, 0))).toBe(true)
  })
})

describe('scale bar', () => {
  it('has a round length not above the limit', () => {
    expect([0.7, 1, 4.99, 5, 23, 99].map(niceLength)).toEqual([0.5, 1, 2, 5, 20, 50])
  })
  it('is as long on the screen as it says, in the region under the middle of the view', () => {
    const view = fitViewport({ width: 800, height: 600 }, { width: 400, height: 300 })
    const bar = scaleBarFor(view, uniformCalibration({ left: 0, top: 0, width: 400, height: 300 }, 0.1, 0.2, 'test'))
    expect(bar).toEqual({ millimetres: 5, pixels: 100, label: '5 mm' })
    expect(scaleBarFor(view, uncalibrated('no spacing in the file'))).toBeNull()
  })
})

describe('heat map', () => {
  it('colours by value and leaves out what is under the threshold or no number', () => {
    const bytes = heatPixels({ width: 4, height: 1, values: Float32Array.of(0, 0.5, 1, NaN), range: [0, 1], palette: 'viridis', threshold: 0.4 })
    const table = paletteTable('viridis')
    expect([bytes[3], bytes[7], bytes[11], bytes[15]]).toEqual([0, 255, 255, 0])
    expect([...bytes.slice(4, 7)]).toEqual([...table.slice(128 * 3, 129 * 3)])
    expect([...bytes.slice(8, 11)]).toEqual([...table.slice(765)])
  })
  it('refuses a map of another size', () => {
    expect(() => heatPixels({ width: 2, height: 2, values: new Uint8Array(3), range: [0, 255], palette: 'cividis' })).toThrow('3 values')
  })
})

describe('image cache', () => {
  const image = (url: string): LoadedImage => ({ url, width: 1, height: 1, bitmap: {} as ImageBitmap, smaller: [], close: () => undefined })
  it('loads each URL once, drops the longest unused, and forgets failures', async () => {
    const asked: string[] = []
    const cache = createImageCache(2, (url) => {
      asked.push(url)
      return url === 'bad' ? Promise.reject(new Error('no')) : Promise.resolve(image(url))
    })
    await Promise.all([cache.get('a'), cache.get('a')])
    cache.preload('b')
    await cache.get('b')
    expect(cache.peek('a')?.url).toBe('a')
    await cache.get('a')
    await cache.get('c')
    expect([cache.peek('a')?.url, cache.peek('b'), cache.peek('c')?.url]).toEqual(['a', undefined, 'c'])
    await expect(cache.get('bad')).rejects.toThrow('no')
    await expect(cache.get('bad')).rejects.toThrow('no')
    expect(asked).toEqual(['a', 'b', 'c', 'bad', 'bad'])
  })
})

describe('wheel and keys', () => {
  it('zooms the same for a notch in pixels, lines or pages of any size', () => {
    expect(wheelFactor(wheelPixels({ deltaY: -100, deltaMode: 0 }))).toBeCloseTo(1.2, 12)
    expect(wheelFactor(100) * wheelFactor(-100)).toBeCloseTo(1, 12)
    expect(wheelFactor(wheelPixels({ deltaY: 99, deltaMode: 2 }))).toBeCloseTo(1.2 ** -3, 12)
    expect(wheelPixels({ deltaY: 3, deltaMode: 1 })).toBe(48)
  })
  it('leaves keys with modifiers to the program', () => {
    expect(viewportKey({ key: 'F', ctrlKey: false, altKey: false, metaKey: false })).toBe('fit')
    expect(viewportKey({ key: 'f', ctrlKey: true, altKey: false, metaKey: false })).toBeUndefined()
    expect(viewportKey({ key: 'q', ctrlKey: false, altKey: false, metaKey: false })).toBeUndefined()
  })
})
