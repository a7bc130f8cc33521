/** A cine in a screen that shows images: its state and its controls with the choice of the key frame. */
export { default as CineStrip } from './CineStrip.vue'
export { useImageCine, type ImageCine } from './useImageCine.ts'
