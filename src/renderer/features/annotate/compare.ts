import type { AnnotationVersion, ComparedAnnotations } from '#shared/contract/index.ts'
import { meaningColours } from '#shared/figures/index.ts'
import type { KeyValue } from '#renderer/ui/index.ts'

/** The first drawing as the ground truth looks, the second in a colour that is told from it with deuteranopia too. */
export const COMPARE_COLOURS = { a: meaningColours.dark.groundTruth, b: meaningColours.dark.unet } as const

export function comparedFigures(c: ComparedAnnotations): KeyValue[] {
  const region = c.calibration.kind === 'regions' && c.unit === 'mm' && c.calibration.regions.length === 1 ? c.calibration.regions[0] : undefined
  const area = (px: number): { value: string; unit: string } => (region === undefined ? { value: String(px), unit: 'px²' } : { value: (px * region.mmPerPixelX * region.mmPerPixelY).toFixed(2), unit: 'mm²' })
  const n = (v: number | null, decimals: number): string | null => (v === null ? null : v.toFixed(decimals))
  return [
    { key: 'Dice', value: n(c.dice, 3) }, { key: 'IoU', value: n(c.iou, 3) }, { key: 'HD95', value: n(c.hd95, 2), unit: c.unit }, { key: 'ASD', value: n(c.asd, 2), unit: c.unit },
    { key: 'First area', ...area(c.a.areaPx) }, { key: 'Second area', ...area(c.b.areaPx) },
  ]
}

/** 'polygon 4, brush 2': gestures by tool, most used first. */
export const toolsText = (tools: AnnotationVersion['tools']): string => {
  const used = Object.entries(tools).sort((x, y) => y[1] - x[1] || (x[0] < y[0] ? -1 : 1))
  return used.length === 0 ? 'no gesture' : used.map(([tool, n]) => `${tool} ${n}`).join(', ')
}

/** Which versions stand side by side at first: the newest and the one before it. */
export const firstPair = (versions: readonly AnnotationVersion[]): { a: string; b: string } | null => {
  const [newest, before] = versions
  return newest === undefined || before === undefined ? null : { a: before.id, b: newest.id }
}
