import { expect, test } from 'vitest'
import { encodeMask, maskToText } from '#shared/geometry/index.ts'
import { referenceOverlays, showsLine, showsWords, versionShown } from '#renderer/features/annotate/showing.ts'

test('a blind task says nothing; the others say what is shown, and when there is nothing to show', () => {
  expect(showsLine([], 0, false)).toBeNull()
  expect(showsLine(['model'], 1, false)).toBe("This task shows the model's mask")
  expect(showsLine(['model', 'start', 'others'], 2, true)).toBe("This task shows the model's mask and others' contours; it began with the model's mask")
  expect(showsLine(['start'], 0, true)).toBe("This task began with the model's mask")
  expect(showsLine(['start'], 0, false)).toContain('which this picture does not have')
  expect(showsLine(['others'], 0, false)).toBe("This task shows others' contours; there is none of this picture")
  expect([showsWords(['others']), versionShown(['model', 'start']), versionShown(['model', 'others'])]).toEqual(["others' contours", "the model's mask, begun with it", "the model's mask and others' contours"])
})

test('contours of the frame in view are drawn, in colours of their own, hidden where they were hidden', () => {
  const mask = maskToText(encodeMask(Uint8Array.from([0, 1, 1, 0]), { width: 2, height: 2 }))
  const references = [{ id: 'model', kind: 'model' as const, title: 'Model, fused', frame: 0, mask }, { id: 'other-1', kind: 'other' as const, title: 'Annotator 1', frame: 0, mask }, { id: 'other-2', kind: 'other' as const, title: 'Annotator 2', frame: 3, mask }]
  const drawn = referenceOverlays(references, 0, new Set(['other-1']))
  expect(drawn.map((o) => [o.id, o.label, o.visible])).toEqual([['model', 'Model, fused', true], ['other-1', 'Annotator 1', false]])
  expect(new Set(drawn.map((o) => ('colour' in o ? o.colour : ''))).size).toBe(2)
  expect(referenceOverlays(references, 3, new Set()).map((o) => o.id)).toEqual(['other-2'])
})
