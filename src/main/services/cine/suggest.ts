import { readFile } from 'node:fs/promises'
import { Failure } from '#shared/contract/errors.ts'
import { frameObjects } from '#main/database/queries/annotations.ts'
import { frameAreas, storeFrameArea } from '#main/database/queries/cine.ts'
import type { Inference } from '#main/runtime/inference/client.ts'
import type { SegmentAnswer } from '#main/runtime/inference/protocol.ts'
import type { ModelRegistry } from '#main/runtime/models/registry.ts'
import type { OpenStudy } from '../context.ts'
import { underWay } from '../inference/underWay.ts'

export interface CineSuggestion { readonly imageId: string; readonly suggestion: number | null; readonly areas: readonly { readonly frame: number; readonly areaPx: number }[]; readonly provider: string | null }
interface Progress { readonly signal?: AbortSignal; progress?(done: number, total: number, note: string): void; onProvider?(name: string): void }

/** The frame of the largest cross-section; of equal ones the first. Null unless every frame was seen and one has a lesion. */
export function largestFrame(areas: readonly { readonly frame: number; readonly areaPx: number }[], frames: number): number | null {
  if (areas.length < frames) return null
  const best = areas.reduce((a, b) => (b.areaPx > a.areaPx ? b : a), { frame: 0, areaPx: 0 })
  return best.areaPx > 0 ? best.frame : null
}

/**
 * Segments every frame of a cine that the present models have not seen: the next frame is under way while one is stored. Each is stored before
 * the next counts as done, so a run that was cancelled goes on where it stopped. Suggests, and chooses nothing.
 */
export async function suggestFrame(deps: { study: OpenStudy; inference: Inference; registry: ModelRegistry; actor: string }, imageId: string, options: Progress = {}): Promise<CineSuggestion> {
  const { study, inference, registry, actor } = deps
  const set = registry.segmentationSet(study.segmentationSet)
  const objects = frameObjects(study.db.read, imageId)
  if (objects.length < 2) throw new Failure('refused', 'this picture is a still; a key frame is chosen of a cine')
  const known = new Set(frameAreas(study.db.read, imageId, set.key).map((a) => a.frame))
  const waiting = objects.map((object, frame) => ({ object, frame })).filter(({ frame }) => !known.has(frame))
  const ask = async (object: string): Promise<SegmentAnswer> => inference.ask({ kind: 'segment', image: await readFile(study.objects.path(object)), networks: set.networks, fusion: set.fusion, provider: 'auto' }, options.signal)
  let provider: string | null = null
  let done = known.size
  options.progress?.(done, objects.length, '')
  for (const { item: { frame }, answer: current } of underWay(waiting, inference.lookAhead('auto'), (w) => ask(w.object))) {
    if (options.signal?.aborted === true) break
    const answer = await current
    if (provider !== answer.provider) options.onProvider?.(answer.provider)
    provider = answer.provider
    study.db.write(actor, (tx) => storeFrameArea(tx, { image_id: imageId, frame, model_set: set.key, area_px: answer.maps.find((m) => m.model === 'fusion')?.areaPx ?? 0, provider: answer.provider }))
    options.progress?.(++done, objects.length, '')
  }
  const areas = frameAreas(study.db.read, imageId, set.key).map((a) => ({ frame: a.frame, areaPx: a.area_px }))
  return { imageId, suggestion: largestFrame(areas, objects.length), areas, provider }
}
