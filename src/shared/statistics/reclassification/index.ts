export { netReclassification, type NetReclassification, type ReclassifiedPart, type ZTest } from './netReclassification.ts'
export { integratedDiscrimination, type IntegratedDiscrimination } from './integratedDiscrimination.ts'
export {
  reclassification, riskCategory, type CategoricalReclassification, type Reclassification, type ReclassificationOptions,
} from './reclassification.ts'
export {
  reclassificationIntervals, type NetIntervals, type ReclassificationIntervalOptions, type ReclassificationIntervals,
} from './reclassificationIntervals.ts'
