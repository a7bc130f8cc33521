export { fail, type StatisticsError, type StatisticsErrorCode, type StatisticsResult } from './error.ts'
export { sum, sumOf } from './sum.ts'
export { mean, sumOfSquares, variance, standardDeviation, covariance, correlation } from './moments.ts'
export { quantile, quantiles, quantileSorted, median } from './quantile.ts'
export { order, ranks, tieSizes } from './ranks.ts'
export {
  zeros, identity, fromRows, fromColumns, toRows, at, set, diagonal, transpose, multiply, multiplyVector, quadraticForm, submatrix, type Matrix,
} from './matrix.ts'
export { cholesky, choleskySolve, choleskyLogDeterminant, inverseSymmetric } from './cholesky.ts'
export { luDecompose, luBackSolve, solve, inverse, determinant, type Lu } from './lu.ts'
export { qrDecompose, qrSolve, type Qr } from './qr.ts'
export { eigenSymmetric, type SymmetricEigen } from './eigenSymmetric.ts'
export { splitClasses, checkScores, type Classes } from './outcome.ts'
export { defaultLevel, type Interval } from './interval.ts'
