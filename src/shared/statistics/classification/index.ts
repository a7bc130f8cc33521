export { proportion, wilsonInterval, clopperPearsonInterval, type Proportion } from './proportion.ts'
export { confusion, confusionOfCalls, type Confusion } from './confusion.ts'
export { likelihoodRatios, type LikelihoodRatio } from './likelihoodRatio.ts'
export { binaryMetrics, f1Score, matthews, type BinaryMetrics } from './metrics.ts'
export { f1Interval } from './f1Interval.ts'
export {
  declareThreshold, chooseThreshold, chooseThresholdBySpecificity, metricsAtThreshold, type Threshold, type ScoredCohort, type MetricsAtThreshold,
} from './threshold.ts'
export { mcNemar, type McNemar } from './mcNemar.ts'
