import type { ToolContext } from '../tools/toolState.ts'
import { interpolateFrames } from './frames.ts'
import { dilate, erode } from './morphology.ts'
import { simplify, smooth } from './reshape.ts'
import { clearFrame, fillHoles, keepLargest } from './tidy.ts'

export { copiedContours, pasteContours, type CopiedContours } from './clipboard.ts'
export { copyToFrame, interpolateFrames, markLargestFrame } from './frames.ts'
export { selectAll, stepContour, stepVertex } from './selecting.ts'
export { dilate, erode } from './morphology.ts'
export { simplify, smooth } from './reshape.ts'
export { clearFrame, fillHoles, keepLargest } from './tidy.ts'

/** The edits that a menu offers: each is one gesture on the selected contours, else on all of the chosen label. */
export const EDITS: readonly { readonly id: string; readonly title: string; readonly edit: (context: ToolContext) => void }[] = [
  { id: 'fillHoles', title: 'Fill holes', edit: fillHoles },
  { id: 'smooth', title: 'Smooth', edit: smooth },
  { id: 'simplify', title: 'Simplify', edit: simplify },
  { id: 'dilate', title: 'Dilate', edit: dilate },
  { id: 'erode', title: 'Erode', edit: erode },
  { id: 'keepLargest', title: 'Keep largest part', edit: keepLargest },
  { id: 'interpolate', title: 'Interpolate between key frames', edit: interpolateFrames },
  { id: 'clear', title: 'Clear frame', edit: clearFrame },
]
