export {
  decisionCurves, percentThresholds, type DecisionCurves, type ModelDecisionCurve, type NamedProbabilities,
} from './decisionCurve.ts'
export { decisionCurveIntervals, type DecisionCurveIntervals, type DecisionIntervalOptions, type ModelIntervals } from './decisionCurveIntervals.ts'
