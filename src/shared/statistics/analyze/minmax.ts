import { ok } from '#shared/lib/index.ts'
import { sum } from '../core/index.ts'
import { minMax } from '../image/index.ts'
import type { AnalysisAdapter } from './adapter.ts'
import { diagonal } from './cropResize.ts'

/** Arrays up to this many values are written out in full, larger ones by their sum and every 8th pixel of the diagonal. */
const writtenOut = 400

/** `minmax`: `image` scaled to 0..1 over all its values. */
export const minmaxAdapter: AnalysisAdapter = ({ spec, image }) => {
  const { image: scaled, min, max } = minMax(image(spec.image))
  const small = scaled.data.length <= writtenOut
  return ok({
    rule: '(x - min) / (max - min) over the whole array; constant -> all 0', min, max,
    ...(small ? { values: scaled.data } : { sum: sum(scaled.data), diag_every_8: scaled.channels === 1 ? diagonal(scaled, 8) : null }),
  })
}
