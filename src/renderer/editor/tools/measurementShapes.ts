import {
  ellipseOutline, ellipseThrough, imagePoint, measureDistance, measureEllipse, type Calibration, type ImagePoint, type Measured,
} from '#shared/geometry/index.ts'
import type { OverlayShape } from './overlay.ts'

/** Two decimals where the unit is millimetres (pixels are worth no more), one for pixels. */
export const formatMeasured = (m: Measured): string => `${m.value.toFixed(m.unit.startsWith('mm') ? 2 : 1)} ${m.unit}`

/** Why a measure is in pixels; nothing when it is in millimetres. */
export const whyPixels = (m: Measured): string | undefined => ('reason' in m ? m.reason : undefined)

function caliperShapes(a: ImagePoint, b: ImagePoint, calibration: Calibration): OverlayShape[] {
  return [
    { kind: 'line', role: 'measure', closed: false, points: [a, b] },
    { kind: 'text', at: b, text: formatMeasured(measureDistance(a, b, calibration)) },
  ]
}

function ellipseShapes(a: ImagePoint, b: ImagePoint, c: ImagePoint, calibration: Calibration): OverlayShape[] {
  const m = measureEllipse(a, b, c, calibration)
  return [
    { kind: 'line', role: 'measure', closed: true, points: ellipseOutline(ellipseThrough(a, b, c)) },
    { kind: 'line', role: 'guide', closed: false, points: [a, b] },
    { kind: 'text', at: b, text: `${formatMeasured(m.axis)} × ${formatMeasured(m.otherAxis)}, ${formatMeasured(m.area)}` },
  ]
}

/** Why a caliper or an ellipse is in pixels; nothing when it is in millimetres. */
export function reasonFor(kind: 'caliper' | 'ellipse', points: readonly ImagePoint[], calibration: Calibration): string | undefined {
  const [a = imagePoint(0, 0), b = a, c = b] = points
  return whyPixels(kind === 'caliper' ? measureDistance(a, b, calibration) : measureEllipse(a, b, c, calibration).axis)
}

/** A caliper or an ellipse with its figures. Points as they are stored: see MeasurementData. */
export function measurementShapes(kind: 'caliper' | 'ellipse', points: readonly ImagePoint[], calibration: Calibration): OverlayShape[] {
  const [a = imagePoint(0, 0), b = a, c = b] = points
  return kind === 'caliper' ? caliperShapes(a, b, calibration) : ellipseShapes(a, b, c, calibration)
}
