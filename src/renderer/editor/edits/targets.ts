import type { Contour } from '../document/document.ts'
import type { ToolContext } from '../tools/toolState.ts'

/** What a one-shot command works on: the selected contours, else all contours of the chosen label in this frame. */
export function targetContours(context: ToolContext): Contour[] {
  const { selection, annotation, options } = context
  const chosen = annotation.contours.filter((c) => selection.contours.includes(c.id))
  return chosen.length > 0 ? chosen : annotation.contours.filter((c) => c.label === options.label)
}
