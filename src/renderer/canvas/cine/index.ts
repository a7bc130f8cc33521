/** Playing a cine: the state (`useCine`) and the controls (`CineBar`); any screen with a viewport can use both. */
export { default as CineBar } from './CineBar.vue'
export { useCine, type Cine, type CineSource } from './useCine.ts'
export { areaProfile, ASSUMED_RATE, frameAfter, frameRate, stepFrame } from './playback.ts'
