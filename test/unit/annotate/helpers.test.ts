import { describe, expect, test } from 'vitest'
import type { ComparedAnnotations } from '#shared/contract/index.ts'
import { comparedFigures, firstPair, toolsText } from '#renderer/features/annotate/compare.ts'
import { areaText, axesText, frameMarks, frameToStore, frameWords } from '#renderer/features/annotate/frames.ts'
import { groupedEntries, keepRemaps, keptRemaps, forgetRemaps, pressedChord } from '#renderer/features/annotate/shortcuts.ts'
import { createCommandRegistry, documentFromData, EDITOR_COMMANDS, type EditorCommandContext } from '#renderer/editor/index.ts'
import { emptyAnnotation, type FrameData } from '#shared/contour/index.ts'
import { encodeMask } from '#shared/geometry/index.ts'
import { unwrap } from '#shared/lib/index.ts'

const square = (frame: number, side: number): FrameData => ({ frame, measurements: [], draft: null, contours: [{ id: `c${frame}`, label: 'lesion', shape: 'polygon', origin: 'drawn', rings: [[2, 2, 2 + side, 2, 2 + side, 2 + side, 2, 2 + side]] }] })
const document = (largestFrame: number | null, ...frames: FrameData[]) => documentFromData({ ...emptyAnnotation({ width: 40, height: 40 }), frames, largestFrame })

describe('which frame a version is of', () => {
  test('the marked one, else the largest area, else the first', () => {
    expect(frameToStore(document(null))).toBe(0)
    expect(frameToStore(document(null, square(1, 5), square(3, 9), square(4, 7)))).toBe(3)
    expect(frameToStore(document(1, square(1, 5), square(3, 9)))).toBe(1)
  })
  test('marks say what is drawn', () => expect(frameMarks(document(2, square(1, 5)), 3)).toEqual([{ drawn: false, filled: false, largest: false }, { drawn: true, filled: false, largest: false }, { drawn: false, filled: false, largest: true }]))
  test('a frame with interpolated contours only is told from a drawn one, in words too', () => {
    const filled = { ...square(1, 5), contours: square(1, 5).contours.map((c) => ({ ...c, origin: 'interpolated' as const })) }
    const marks = frameMarks(document(0, square(0, 5), filled), 2)
    expect(marks.map((m, i) => frameWords(m, i))).toEqual(['Frame 1, drawn, largest cross-section', 'Frame 2, interpolated'])
  })
})

describe('the area in words', () => {
  const mask = encodeMask(Uint8Array.from({ length: 100 }, (_, i) => (i % 10 < 5 && i < 40 ? 1 : 0)), { width: 10, height: 10 })
  const region = (left: number, width: number) => ({ bounds: { left, top: 0, width, height: 10 }, mmPerPixelX: 0.5, mmPerPixelY: 0.2 })
  test('is in the region that holds the lesion, with its own pixel height and width', () => {
    expect(areaText(mask, { kind: 'regions', source: 'x', regions: [region(0, 10)] })).toBe('2.00 mm²')
    expect(areaText(mask, { kind: 'regions', source: 'x', regions: [region(0, 6), { ...region(6, 4), mmPerPixelX: 3 }] })).toBe('2.00 mm²')
  })
  test('and in pixels with the reason where none does', () => {
    expect(areaText(mask, { kind: 'regions', source: 'x', regions: [region(0, 3), region(3, 7)] })).toBe('20 px (It crosses from one calibrated region into another.)')
    expect(areaText(mask, { kind: 'none', reason: 'no scale' })).toBe('20 px (no scale)')
    expect(areaText(encodeMask(new Uint8Array(4), { width: 2, height: 2 }), { kind: 'none', reason: '' })).toBe('no area drawn')
  })
})

describe('the axes in words', () => {
  // 31 x 11 pixels; its outline goes through the middles of the pixels' edges.
  const bar = encodeMask(Uint8Array.from({ length: 40 * 20 }, (_, i) => (i % 40 >= 4 && i % 40 < 35 && i >= 4 * 40 && i < 15 * 40 ? 1 : 0)), { width: 40, height: 20 })
  const scaled = (mmPerPixelX: number, mmPerPixelY: number) => ({ kind: 'regions' as const, source: 'x', regions: [{ bounds: { left: 0, top: 0, width: 40, height: 20 }, mmPerPixelX, mmPerPixelY }] })
  const numbers = (text: string): number[] => [...text.matchAll(/\d+\.\d+/g)].map((m) => Number(m[0]))
  test('are those of the patient, in pixels where no scale is known', () => {
    const [long = 0, short = 0] = numbers(axesText(bar, scaled(0.1, 0.1)))
    expect(Math.abs(long - Math.hypot(3.1, 1.1))).toBeLessThan(0.1)
    expect(short).toBeLessThan(long)
    expect(axesText(bar, scaled(0.1, 0.1))).toMatch(/ mm$/)
    // Three times as tall pixels: as long down as across.
    const [tall = 0] = numbers(axesText(bar, scaled(0.1, 0.3)))
    expect(Math.abs(tall - Math.hypot(3.1, 3.3))).toBeLessThan(0.2)
    expect(axesText(bar, { kind: 'none', reason: 'no scale' })).toMatch(/^3\d\.\d × \d\d\.\d px$/)
    expect(axesText(encodeMask(new Uint8Array(800), { width: 40, height: 20 }), scaled(1, 1))).toBe('')
  })
})

describe('versions', () => {
  const version = (id: string, tools: Record<string, number> = {}) => ({ id, version: 1, at: '', author: '', areaPx: 0, activeSeconds: 0, appVersion: '', frame: 0, tools, seq: 0, shown: [] })
  test('the newest stands beside the one before', () => {
    expect(firstPair([version('c'), version('b'), version('a')])).toEqual({ a: 'b', b: 'c' })
    expect(firstPair([version('c')])).toBeNull()
    expect(toolsText({ brush: 1, polygon: 4, eraser: 1 })).toBe('polygon 4, brush 1, eraser 1')
    expect(toolsText({})).toBe('no gesture')
  })
  test('areas are in millimetres only with one scale', () => {
    const base: ComparedAnnotations = { dice: 0.9, iou: 0.8, hd95: null, asd: 1, unit: 'mm', imageUrl: '', width: 1, height: 1, frame: 0, calibration: { kind: 'none', reason: '' }, a: { id: 'a', title: '', mask: '', areaPx: 50 }, b: { id: 'b', title: '', mask: '', areaPx: 60 } }
    expect(comparedFigures({ ...base, unit: 'px' }).map((f) => [f.key, f.value, f.unit])).toContainEqual(['First area', '50', 'px²'])
    expect(comparedFigures({ ...base, calibration: { kind: 'regions', source: '', regions: [{ bounds: { left: 0, top: 0, width: 9, height: 9 }, mmPerPixelX: 0.1, mmPerPixelY: 0.2 }] } }).at(-1)).toMatchObject({ value: '1.20', unit: 'mm²' })
  })
})

describe('own shortcuts', () => {
  const memory = () => {
    const held = new Map<string, string>()
    return { getItem: (k: string) => held.get(k) ?? null, setItem: (k: string, v: string) => void held.set(k, v), removeItem: (k: string) => void held.delete(k) }
  }
  const registry = () => {
    const made = createCommandRegistry<EditorCommandContext>()
    unwrap(made.register(EDITOR_COMMANDS))
    return made
  }
  test('survive a new start, by account, and can be given back', () => {
    const store = memory(), first = registry()
    unwrap(first.remap('tool.polygon', ['Q']))
    keepRemaps('ana', first.remaps(), store)
    const second = registry()
    unwrap(second.load(keptRemaps('ana', store)))
    expect(second.resolve('Q', 'annotate')?.id).toBe('tool.polygon')
    expect(second.resolve('P', 'annotate')).toBeUndefined()
    expect(keptRemaps('ben', store)).toBeNull()
    unwrap(second.reset())
    keepRemaps('ana', second.remaps(), store)
    expect(keptRemaps('ana', store)).toBeNull()
  })
  test('that are damaged are refused in words', () => {
    const store = memory()
    store.setItem('sln.shortcuts.drawing.ana', '{nonsense')
    const loaded = registry().load(keptRemaps('ana', store))
    expect(loaded.ok ? '' : loaded.error.message).toContain('cannot be read')
    forgetRemaps('ana', store)
    expect(keptRemaps('ana', store)).toBeNull()
  })
  test('a key that another command has is refused and says whose it is', () => {
    const done = registry().remap('tool.polygon', ['B'])
    expect(done.ok ? '' : done.error.message).toContain('B already runs "Brush"')
  })
  test('are found by title or key, and pressed as chords', () => {
    expect(groupedEntries(registry().entries(), 'dilate').map(([g, e]) => [g, e.length])).toEqual([['Edit', 1]])
    expect(pressedChord({ key: 'q', ctrlKey: true, shiftKey: true, altKey: false, metaKey: false })).toBe('Mod+Shift+Q')
    expect(pressedChord({ key: 'Shift', ctrlKey: false, shiftKey: true, altKey: false, metaKey: false })).toBeNull()
  })
})
