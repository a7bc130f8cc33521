export { createBitmap, bitmapAt, rewindow, sameBitmap, countBitmap, bitmapBounds, type Bitmap } from './bitmap.ts'
export {
  createRunWriter, emptyMask, encodeMask, decodeMask, maskFromBitmap, bitmapFromMask, forEachSpan, maskArea, maskBounds, sameMask, type RleMask,
} from './rleMask.ts'
export { uniteMasks, intersectMasks, subtractMasks, invertMask, intersectionArea } from './combine.ts'
export { maskToBytes, maskFromBytes, maskToText, maskFromText, type MaskFormatError } from './serialise.ts'
export { toBase64, fromBase64 } from './base64.ts'
