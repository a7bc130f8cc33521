/** Operations on contours and masks: pure functions over the values of geometry. */
export { rasterise, rasteriseRings, paintBitmap, maskFromPolygons, polygonsBounds } from './rasterise.ts'
export { connectedComponents, keepLargest, fillHoles, type Components, type Connectivity } from './components.ts'
export { traceBitmap, traceMask } from './trace.ts'
export { simplifyLine, simplifyRing } from './simplify.ts'
export { simplifyByArea } from './visvalingam.ts'
export { resampleRing } from './resample.ts'
export { smoothByCorners, smoothRing } from './smooth.ts'
export { splineRing, splineLine } from './spline.ts'
export {
  emptyAnnotation, outlineOf, contourPolygon, framePolygons, annotationMask, frameFromPolygons,
  type AnnotationData, type ContourData, type ContourOrigin, type DraftData, type FrameData, type MeasurementData,
} from './annotationData.ts'
export { edgeCost, gradientMagnitude, type CostImage } from './livewire/cost.ts'
export { liveWirePath } from './livewire/search.ts'
export { squaredDistances, signedDistances } from './distance.ts'
export { dilate, erode, roomFor } from './morphology.ts'
export { stampDisk, stampSegment, stampStroke } from './brush.ts'
export { growRegion, growSimilar, growRange } from './regionGrow.ts'
export { adaptiveStamp } from './adaptiveBrush.ts'
export { unitePolygons, subtractPolygons, intersectPolygons } from './combine.ts'
export { interpolateMasks } from './interpolate.ts'
export { majorityVote } from './consensus/majority.ts'
export { staple, type StapleOptions, type StapleRater, type StapleResult } from './consensus/staple.ts'
