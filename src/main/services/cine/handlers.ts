import { Failure, type CallName } from '#shared/contract/index.ts'
import { frameObjects } from '#main/database/queries/annotations.ts'
import { caseById, imageById, type ImageRecord } from '#main/database/queries/cases.ts'
import { frameAreas, frameTimeOf, keyFrameOf } from '#main/database/queries/cine.ts'
import type { Inference } from '#main/runtime/inference/client.ts'
import { imageAsset } from '../cases/imageAssets.ts'
import type { Handlers, OpenStudy, World } from '../context.ts'
import { registryOf } from '../inference/handlers.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { largestFrame, suggestFrame } from './suggest.ts'

type Calls = Extract<CallName, `cine.${string}`>

function requireImage(study: OpenStudy, id: string): ImageRecord {
  const image = imageById(study.db.read, id)
  if (image === undefined) throw new Failure('not_found', 'there is no such image')
  return image
}

/** The areas that the present models found; none where no model is installed. */
function presentAreas(study: OpenStudy, inference: Inference, imageId: string): { frame: number; areaPx: number }[] {
  try {
    return frameAreas(study.db.read, imageId, registryOf(inference).segmentationSet(study.segmentationSet).key).map((a) => ({ frame: a.frame, areaPx: a.area_px }))
  } catch (error) {
    if (error instanceof Failure) return []
    throw error
  }
}

export function cineHandlers(world: World, jobs: Jobs, inference: Inference): Handlers<Calls> {
  return {
    'cine.get': ({ study, caller }, input) => {
      const image = requireImage(study, input.imageId)
      const key = keyFrameOf(study.db.read, image.id)
      const areas = presentAreas(study, inference, image.id)
      return {
        imageId: image.id, label: caseById(study.db.read, image.case_id)?.label ?? '', frames: image.frames, frameTimeMs: frameTimeOf(study.db.read, image.id),
        urls: frameObjects(study.db.read, image.id).map((object) => caller.grant(`picture:${object}`, imageAsset(study, object))),
        keyFrame: key === undefined ? null : { frame: key.frame, rule: key.rule, suggested: key.suggested, chooser: key.chooser, at: key.created_at },
        areas, suggestion: largestFrame(areas, image.frames),
      }
    },
    'cine.suggest': ({ study, caller }, input) => {
      const image = requireImage(study, input.imageId)
      if (image.frames < 2) throw new Failure('refused', 'this picture is a still; a key frame is chosen of a cine')
      if (jobs.running('cine')) throw new Failure('conflict', 'the frames of a cine are being measured already; wait for it or cancel it')
      const registry = registryOf(inference)
      registry.segmentationSet(study.segmentationSet)
      return {
        jobId: jobs.start({ kind: 'cine', title: 'Measuring the frames of a cine', actor: caller.actor, input, study, total: image.frames }, (job) =>
          suggestFrame({ study, inference, registry, actor: caller.actor }, image.id, { signal: job.signal, progress: (d, t, n) => job.progress(d, t, n), onProvider: (name) => job.provider(name) })),
      }
    },
    'cine.choose': ({ study, caller }, input) => {
      const image = requireImage(study, input.imageId)
      if (input.frame >= image.frames) throw new Failure('invalid_input', `the cine has ${image.frames} ${image.frames === 1 ? 'frame' : 'frames'}`)
      const suggested = largestFrame(presentAreas(study, inference, image.id), image.frames)
      if (input.rule === 'largest cross-section' && suggested !== input.frame) throw new Failure('conflict', suggested === null ? 'no frame is suggested yet: measure the frames first' : `the largest cross-section is frame ${suggested + 1}, not ${input.frame + 1}`)
      const before = keyFrameOf(study.db.read, image.id)
      study.db.write(caller.actor, (tx) => {
        const id = world.ids.next()
        tx.insert('key_frame', { id, image_id: image.id, frame: input.frame, rule: input.rule, suggested, chooser: caller.actor, created_at: tx.at, origin: tx.origin })
        tx.audit({ action: 'cine.keyFrame', subject: 'key_frame', id, old: before === undefined ? null : String(before.frame + 1), new: `frame ${input.frame + 1}, ${input.rule}${suggested === null ? '' : `, suggested ${suggested + 1}`}`, reason: input.reason })
      })
      return { done: true }
    },
  }
}
