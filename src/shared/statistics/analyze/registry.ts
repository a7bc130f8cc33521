import type { AnalysisAdapter } from './adapter.ts'
import { baselineAdapter } from './baseline.ts'
import { blandAltmanAdapter } from './blandAltman.ts'
import { calibration } from './calibration.ts'
import { cropResizeAdapter } from './cropResize.ts'
import { dca } from './dca.ts'
import { fleissAdapter } from './fleiss.ts'
import { iccAdapter } from './icc.ts'
import { kappaAdapter } from './kappa.ts'
import { logistic } from './logistic.ts'
import { lrScheduleAdapter } from './lrSchedule.ts'
import { masksAdapter } from './masks.ts'
import { minmaxAdapter } from './minmax.ts'
import { modelVsReaders } from './modelVsReaders.ts'
import { mrmc } from './mrmc.ts'
import { nomogram } from './nomogram.ts'
import { reclass } from './reclass.ts'
import { roc } from './roc.ts'
import { rocUnpaired } from './rocUnpaired.ts'
import { zscoreAdapter } from './zscore.ts'

/** Adapters by the `type` of an analysis: one file a type. */
export const adapters: ReadonlyMap<string, AnalysisAdapter> = new Map<string, AnalysisAdapter>([
  ['roc', roc],
  ['roc_unpaired', rocUnpaired],
  ['logistic', logistic],
  ['nomogram', nomogram],
  ['calibration', calibration],
  ['dca', dca],
  ['reclass', reclass],
  ['baseline', baselineAdapter],
  ['mrmc', mrmc],
  ['model_vs_readers', modelVsReaders],
  ['kappa', kappaAdapter],
  ['fleiss', fleissAdapter],
  ['icc', iccAdapter],
  ['bland_altman', blandAltmanAdapter],
  ['masks', masksAdapter],
  ['crop_resize', cropResizeAdapter],
  ['zscore', zscoreAdapter],
  ['minmax', minmaxAdapter],
  ['lr_schedule', lrScheduleAdapter],
])
