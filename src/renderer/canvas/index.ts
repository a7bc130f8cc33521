/** Draws images, overlays and the editor's document with Konva; turns DOM events into image places. The Vue wrappers are in `canvas/vue/index.ts`. */
export type { Hover, ViewportEvents, ViewportPointer } from './viewport/events.ts'
export { ImageViewport, type Painter, type PainterHandle, type PainterLayer, type ViewportOptions } from './viewport/ImageViewport.ts'
export { greyOf, imageFromBitmap, loadImage, pixelAt, ImageLoadError, type LoadedImage } from './viewport/imageSource.ts'
export { createImageCache, type ImageCache } from './viewport/imageCache.ts'
export {
  clampWindow, dragWindow, fullWindow, isFullWindow, windowPresets, windowTable, windowTransfer, type WindowLevel, type WindowPreset,
} from './viewport/windowLevel.ts'
export { niceLength, scaleBarFor, type ScaleBar } from './viewport/scaleBar.ts'
export type { BoxOverlay, ContourOverlay, DenseMask, HeatOverlay, MaskOverlay, MaskSource, OverlaySpec } from './overlays/spec.ts'
export { heatPixels } from './overlays/heatPixels.ts'
export { paintOverlays, strokePath } from './overlays/paint.ts'
export { EditorCanvas, type EditorCanvasOptions } from './editor/EditorCanvas.ts'
export { attachDomInput } from './editor/domInput.ts'
export { defaultEditorStyle, type EditorStyle } from './editor/style.ts'
export { createLiveWire } from './livewire/liveWireWorker.ts'
