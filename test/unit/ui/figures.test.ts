import { describe, expect, it } from 'vitest'
import {
  blandAltmanFigure, figureToCsv, figureToSvg, forestFigure, formatTick, hoverValues, layoutFigure, logTicks, niceTicks, resolveAxis, rocFigure, studyDecisionFigure, studyRocFigure, swarmFigure, swarmOffsets, valueAt,
  type Figure,
} from '#shared/figures/index.ts'

const line = (points: Figure['series'][number] extends never ? never : { x: number; y: number }[], more: object = {}): Figure => ({
  id: 'f', title: 'A & B <c>', x: { label: 'x', min: 0, max: 1 }, y: { label: 'y', min: 0, max: 1 }, legend: 'none',
  series: [{ id: 's', label: 'S', colour: 'model', kind: 'line', points, ...more }],
})

/** Well-formed enough to be XML: every tag closes in order. */
function checkXml(text: string): string[] {
  const open: string[] = []
  const names: string[] = []
  for (const [, close, name, , self] of text.matchAll(/<(\/?)([\w:]+)((?:[^"<>]|"[^"]*")*?)(\/?)>/g)) {
    if (!name) continue
    names.push(name)
    if (close) expect(open.pop()).toBe(name)
    else if (!self) open.push(name)
  }
  expect(open).toEqual([])
  expect(text.replace(/<[^>]*>/g, '')).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;)/)
  return names
}

describe('ticks', () => {
  it('are round and within the range', () => {
    expect(niceTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    expect(niceTicks(-2.3, 2.4, 5)).toEqual([-2, -1, 0, 1, 2])
    expect(niceTicks(0.61, 0.97, 6)).toEqual([0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95].filter((t) => niceTicks(0.61, 0.97, 6).includes(t)))
    expect(logTicks(0.4, 12)).toEqual([0.5, 1, 2, 5, 10])
  })
  it('are written with one number of decimals and a real minus', () => {
    expect(formatTick(-0.5, 1, 'number')).toBe('−0.5')
    expect(formatTick(-0, 1, 'number')).toBe('0.0')
    expect(formatTick(0.25, 2, 'percent')).toBe('25 %')
  })
})

describe('axes', () => {
  it('put the lowest value at 0 and the highest at 1, categories of a y axis from the top', () => {
    const figure = forestFigure({ id: 'f', title: 't', measure: 'OR', rows: [{ label: 'first', estimate: 2, ci95: [1, 4] }, { label: 'second', estimate: 1, ci95: [0.5, 2] }] })
    const x = resolveAxis(figure, 'x'), y = resolveAxis(figure, 'y')
    expect(x.at(x.min)).toBeCloseTo(0, 12)
    expect(x.at(x.max)).toBeCloseTo(1, 12)
    expect(x.at(1)).toBeCloseTo((x.at(0.5) + x.at(2)) / 2, 12)
    expect(y.at(0)).toBeGreaterThan(y.at(1))
    expect(x.min).toBeLessThan(0.5)
    expect(x.max).toBeGreaterThan(4)
  })
  it('ignore values that are not numbers', () => {
    const figure = { ...line([{ x: 0, y: NaN }, { x: 0.5, y: 3 }, { x: 1, y: 5 }]), y: { label: 'y' } }
    const y = resolveAxis(figure, 'y')
    expect(y.min).toBeCloseTo(2.9)
    expect(y.max).toBeCloseTo(5.1)
  })
})

describe('figureToSvg', () => {
  it('places a line exactly where the axes say', () => {
    const figure = line([{ x: 0, y: 0 }, { x: 0.5, y: 1 }, { x: 1, y: 0.25 }])
    const { plot } = layoutFigure(figure, 720, 480)
    const svg = figureToSvg(figure)
    const d = /<g><path d="([^"]*)"/.exec(svg)?.[1] ?? ''
    const numbers = [...d.matchAll(/-?[\d.]+/g)].map((match) => Number(match[0]))
    const expected = [plot.left, plot.top + plot.height, plot.left + plot.width / 2, plot.top, plot.left + plot.width, plot.top + plot.height * 0.75]
    expect(numbers).toHaveLength(6)
    for (const [i, value] of expected.entries()) expect(numbers[i]).toBeCloseTo(value, 1)
  })
  it('is well-formed, escapes texts, and uses no style, class, script or foreign object', () => {
    const svg = figureToSvg(line([{ x: 0, y: 0 }, { x: 1, y: 1 }]))
    const names = checkXml(svg)
    expect(new Set(names)).toEqual(new Set(['svg', 'title', 'rect', 'text', 'path', 'clipPath', 'g']))
    expect(svg).toContain('A &amp; B &lt;c&gt;')
    expect(svg).not.toMatch(/class=|style=|rgba\(/)
  })
  it('breaks a line at a value that is not a number, and draws steps level first', () => {
    expect(figureToSvg(line([{ x: 0, y: 0 }, { x: 0.2, y: NaN }, { x: 0.4, y: 1 }, { x: 1, y: 1 }]))).toMatch(/<g><path d="M[^M]*M[^M]*"/)
    const steps = line([{ x: 0, y: 0 }, { x: 1, y: 1 }], { kind: 'step' })
    const { plot } = layoutFigure(steps, 720, 480)
    expect(figureToSvg(steps)).toContain(`L${plot.left + plot.width} ${plot.top + plot.height}L${plot.left + plot.width} ${plot.top}`)
  })
  it('leaves out hidden series and what follows them', () => {
    const base = line([{ x: 0, y: 0 }, { x: 1, y: 1 }])
    const both: Figure = { ...base, series: [{ ...base.series[0]!, hidden: true }, { id: 'b', label: 'band', colour: 1, kind: 'band', follows: 's', points: [{ x: 0, low: 0, high: 1 }] }] }
    expect(figureToSvg(both)).not.toContain('<g><path')
  })
  it('is square where the figure is, and every kind of figure is drawn without NaN', () => {
    const roc = rocFigure({
      id: 'roc', title: 'ROC', curves: [{ id: 'm', label: 'Model', colour: 'model', thick: true, points: [{ x: 0, y: 0 }, { x: 0, y: 0.6 }, { x: 1, y: 1 }], auc: 0.8123, ci95: [0.7, 0.9] }],
      calls: [{ id: 'c', label: 'Seniors', colour: 'senior', points: [{ x: 0.2, y: 0.7, label: 'R1' }] }], notes: ['n = 12'],
    })
    const { plot } = layoutFigure(roc, 900, 500)
    expect(plot.width).toBe(plot.height)
    const swarm = swarmFigure({
      id: 'swarm', title: 'Dice', quantity: 'Dice', categories: [{ label: 'train', groups: [{ id: 'unet', label: 'U-Net', colour: 'unet', values: [{ value: 0.8 }, { value: 0.8 }, { value: 0.9 }], box: { min: 0.8, q1: 0.8, median: 0.8, q3: 0.9, max: 0.9 } }] }],
    })
    const ba = blandAltmanFigure({ id: 'ba', title: 'BA', quantity: 'area', unit: 'mm²', pairs: [{ x: 1, y: 0.1 }, { x: 2, y: -0.1 }], bias: 0, limits: [-0.3, 0.3] })
    for (const figure of [roc, swarm, ba]) {
      for (const theme of ['light', 'dark'] as const) {
        const svg = figureToSvg(figure, { theme })
        checkXml(svg)
        expect(svg).not.toMatch(/NaN|Infinity|undefined/)
      }
    }
    expect(figureToSvg(roc)).toContain('AUC 0.812 (0.700 to 0.900)')
    expect(figureToSvg(ba)).toContain('lower limit −0.30 mm²')
  })
})

describe('figureToCsv', () => {
  it('writes every number in full and quotes what needs it', () => {
    const figure = line([{ x: 1 / 3, y: 0.1 }], { label: 'a, "b"' })
    expect(figureToCsv(figure).split('\r\n')).toEqual(['series,kind,label,x,y,x_low,x_high,y_low,y_high,q1,median,q3,value,p', `"a, ""b""",line,,${1 / 3},0.1,,,,,,,,,`, ''])
  })
  it('keeps hidden series: numbers are never lost with the legend', () => {
    expect(figureToCsv(line([{ x: 0, y: 1 }], { hidden: true }))).toContain('line')
  })
})

describe('hover', () => {
  it('reads lines between their points, steps at the last one, and nothing outside', () => {
    const points = [{ x: 0, y: 0 }, { x: 0, y: 0.5 }, { x: 1, y: 1 }]
    expect(valueAt(points, 0.5, false)).toBe(0.75)
    expect(valueAt(points, 0.5, true)).toBe(0.5)
    expect(valueAt(points, 0, false)).toBe(0.5)
    expect(valueAt(points, 1, false)).toBe(1)
    expect(valueAt(points, 1.1, false)).toBeUndefined()
    expect(valueAt(points, -0.1, false)).toBeUndefined()
  })
  it('names the nearest point and skips what is switched off', () => {
    const figure = rocFigure({ id: 'r', title: 'r', curves: [{ id: 'm', label: 'Model', colour: 'model', points: [{ x: 0, y: 0 }, { x: 1, y: 1 }] }], calls: [{ id: 'c', label: 'Calls', colour: 'senior', points: [{ x: 0.2, y: 0.8, label: 'R1' }, { x: 0.3, y: 0.8, label: 'R2' }] }] })
    const distance = (p: { x: number; y: number }): number => Math.hypot(p.x - 0.29, p.y - 0.8) * 100
    expect(hoverValues(figure, 0.29, distance, () => false).map((v) => v.label)).toEqual(['Model', 'R2'])
    expect(hoverValues(figure, 0.29, distance, (series) => series.id === 'm').map((v) => v.label)).toEqual(['R2'])
  })
})

describe('swarmOffsets', () => {
  it('keeps dots of one diameter apart and lone dots in the middle', () => {
    const values = [0, 0, 0, 0.4, 0.9, 5]
    const offsets = swarmOffsets(values)
    expect(offsets[5]).toBe(0)
    for (let i = 0; i < values.length; i++) {
      for (let j = 0; j < i; j++) expect(Math.hypot((values[i] as number) - (values[j] as number), (offsets[i] as number) - (offsets[j] as number))).toBeGreaterThanOrEqual(1 - 1e-9)
    }
  })
})

describe('figures of a study', () => {
  it('give a signature one colour, whichever other scorers a figure shows', () => {
    const all = ['densenet121', 'resnet101', 'resnet50'].map((name) => ({ name, kind: 'signature' as const }))
    const colour = (figure: Figure, id: string): unknown => figure.series.find((s) => s.id === id)?.colour
    const roc = studyRocFigure('test', { sentence: '', curves: all.map((s) => ({ ...s, points: [{ fpr: 0, tpr: 0 }, { fpr: 1, tpr: 1 }], auc: 0.5, ci95: [0.4, 0.6], operating: null })) })
    const alone = { thresholds: [0.1, 0.9], treatAll: [0.2, -0.1], curves: [{ name: 'resnet50', kind: 'signature' as const, netBenefit: [0.2, 0] }] }
    expect(colour(studyDecisionFigure('test', alone, [], all), 'resnet50')).toBe(colour(roc, 'resnet50'))
    expect(colour(studyDecisionFigure('test', alone, []), 'resnet50')).not.toBe(colour(roc, 'resnet50'))
  })
})
