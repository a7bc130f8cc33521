/** Synthetic B-mode breast-ultrasound phantoms and the demo study made of them. Nothing here comes from a patient. */
export { planDemoStudy, type DemoStudyOptions } from './demoStudy.ts'
export { renderPhantom, renderSlice } from './renderPhantom.ts'
export { generateCine, renderCine } from './cine.ts'
export { manifestColumns, manifestRow, imageFileName, imagesOf, type ManifestRow } from './manifest.ts'
export { simulateAidedReading, simulatedAid, simulatedAidedReaders, simulatedReaders, simulateReading, type SimulatedReader, type SimulatedReading } from './readers.ts'
export type * from './types.ts'
