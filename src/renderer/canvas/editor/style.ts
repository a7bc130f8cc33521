import { meaningColours } from '#shared/figures/index.ts'
import type { CursorRole } from '#renderer/editor/index.ts'

/** What the adapter decides and the editor does not: colours, widths and handle sizes, in CSS pixels. */
export interface EditorStyle {
  /** The contours being drawn: ground truth, or white for a correction. */
  readonly colour: string
  readonly lineWidth: number
  /** Opacity of the fill, so that a mask reads as an area and the tissue stays visible. */
  readonly fill: number
  readonly selectedFill: number
  readonly handle: number
}

export const defaultEditorStyle: EditorStyle = Object.freeze({ colour: meaningColours.dark.groundTruth, lineWidth: 1.5, fill: 0.06, selectedFill: 0.14, handle: 6 })

export const overlayColours = { guide: '#9aa3a8', measure: '#4aa8ff', accent: '#4aa8ff', handleFill: '#0c0d0e', eraser: '#e5695e' } as const

export const cssCursor: Readonly<Record<CursorRole, string>> = {
  default: 'default', crosshair: 'crosshair', move: 'move', pointer: 'pointer', grab: 'grab', grabbing: 'grabbing', none: 'none', levels: 'ns-resize',
}
