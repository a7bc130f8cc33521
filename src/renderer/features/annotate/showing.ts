import type { OpenedAnnotation, Seen, TaskShows } from '#shared/contract/index.ts'
import { meaningColours, resolveColour } from '#shared/figures/index.ts'
import { maskFromText } from '#shared/geometry/index.ts'
import type { OverlaySpec } from '#renderer/canvas/index.ts'

const and = (words: readonly string[]): string => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`)

/** 'the model's mask and others' contours'; what only begins with the mask does not keep it in view. */
export const showsWords = (shows: readonly TaskShows[]): string => and([...(shows.includes('model') ? ["the model's mask"] : []), ...(shows.includes('others') ? ["others' contours"] : [])])

/** What a version's author had been shown, in a few words. */
export const versionShown = (shown: readonly Seen[]): string => and([...(shown.includes('everything') ? ["everything, by an investigator's account"] : []), ...(shown.includes('start') ? ["the model's mask, begun with it"] : shown.includes('model') ? ["the model's mask"] : []), ...(shown.includes('others') ? ["others' contours"] : [])])

/** The line under the picture of a task that is not blind; null for a blind one. `references`: how many contours it brought. */
export function showsLine(shows: readonly TaskShows[], references: number, began: boolean): string | null {
  if (shows.length === 0) return null
  const seen = showsWords(shows)
  const start = !shows.includes('start') ? '' : began ? "began with the model's mask" : "was to begin with the model's mask, which this picture does not have"
  if (seen === '') return `This task ${start}`
  const empty = references === 0 ? '; there is none of this picture' : ''
  return `This task shows ${seen}${empty}${start === '' ? '' : `; it ${start}`}`
}

/** The model's contour is coloured as everywhere; the others' colours have no meaning elsewhere. */
const OTHER_COLOURS = [0, 6, 7].map((i) => resolveColour(i, 'dark'))

/** The contours of a frame that a task brings, as lines over the picture that nobody can grab. */
export const referenceOverlays = (references: OpenedAnnotation['references'], frame: number, hidden: ReadonlySet<string>): OverlaySpec[] => references.flatMap((reference, i): OverlaySpec[] => {
  const mask = maskFromText(reference.mask)
  if (reference.frame !== frame || !mask.ok) return []
  const model = reference.kind === 'model'
  return [{ kind: 'mask', id: reference.id, label: reference.title, mask: mask.value, colour: model ? meaningColours.dark.fused : (OTHER_COLOURS[i % OTHER_COLOURS.length] as string), fill: 0, lineWidth: 1.25, dash: [4, 3], visible: !hidden.has(reference.id) }]
})
