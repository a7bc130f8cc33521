/** The Vue door of the canvas: it may import the component library, which `canvas` itself must not. */
export { default as ViewportFrame } from './ViewportFrame.vue'
export { default as EditorFrame } from './EditorFrame.vue'
export { default as OverlayLegend } from './OverlayLegend.vue'
export { default as ViewportTools } from './ViewportTools.vue'
export { default as ViewportReadout } from './ViewportReadout.vue'
export { viewportKey, type ViewportCommand } from './keys.ts'
