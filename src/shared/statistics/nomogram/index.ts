export { prettyTicks } from './prettyTicks.ts'
export {
  defaultRiskTicks, linearPredictorAtPoints, nomogram, pointsAtProbability, probabilityAtPoints,
  type AxisTick, type Nomogram, type NomogramSettings, type PredictorAxis,
} from './nomogram.ts'
export { nomogramPoints, valueAtPoints, type NomogramReading } from './nomogramPoints.ts'
