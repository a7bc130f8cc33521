import { readFileSync } from 'node:fs'
import { createFusionLookup, type FusionLookup } from '../../fusion/lookup.ts'
import { readBooster } from '../../fusion/xgboost.ts'
import { readPng } from '../pixels.ts'
import { zscorePlanes } from '../preprocess.ts'
import type { GraphRef } from '../protocol.ts'
import { finishSegmentation, type Finished, type NetworkMap } from './segmentation.ts'

/** A picture as the segmentation networks take it: [3, height, width]. */
export interface Prepared { readonly width: number; readonly height: number; readonly planes: Float32Array }
/** `fused`: what the fused map is written to. */
export interface FinishOrder { readonly maps: readonly NetworkMap[]; readonly fused: Float32Array; readonly fusion: GraphRef; readonly width: number; readonly height: number }

/** What is done to pictures before and after the graphs; in the inference process on a thread of its own, so that it holds nobody up. */
export interface Pictures {
  /** Decodes an 8-bit PNG into z-scored planes, written to `planes` [3, height, width]. */
  prepare(image: Uint8Array, planes: Float32Array): Promise<void>
  /** Fuses the maps of the networks; cuts and compresses all four. */
  finish(order: FinishOrder): Promise<Finished>
}

export function createPictures(): Pictures {
  const lookups = new Map<string, FusionLookup>()
  const lookup = (fusion: GraphRef): FusionLookup => {
    let made = lookups.get(fusion.sha256)
    if (made === undefined) {
      made = createFusionLookup(readBooster(readFileSync(fusion.file, 'utf8')))
      lookups.set(fusion.sha256, made)
    }
    return made
  }
  return {
    async prepare(image, planes) {
      zscorePlanes(await readPng(image), planes)
    },
    finish({ maps, fused, fusion, width, height }) {
      const values = lookup(fusion).fuse(...(maps.map((m) => m.values) as [Float32Array, Float32Array, Float32Array]), fused)
      return finishSegmentation(maps, { model: 'fusion', values, threshold: fusion.threshold ?? 0.5 }, { width, height })
    },
  }
}
