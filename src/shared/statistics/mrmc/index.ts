export { readerAucs, type CovarianceMethod, type ReaderAucs, type ReaderStudy } from './readerStudy.ts'
export { jackknifeCovariance } from './jackknifeCovariance.ts'
export { orComponents, type Components } from './components.ts'
export { obuchowskiRockette, type Generalisation, type ObuchowskiRockette, type OrAnalysis, type TestDifference } from './obuchowskiRockette.ts'
export { estimateTest, type TestEstimate } from './testEstimate.ts'
export { analyseReaderStudy, type ReaderDifference, type ReaderStudyResult, type ReadingAuc } from './analyseReaderStudy.ts'
export { modelVersusReaders, type ModelVersusReaders, type ReaderModelTest } from './modelVersusReaders.ts'
export {
  compareModelWithReaders, minimumRandomReaders, type GroupComparison, type ModelReaderStudy, type ReaderGroup, type SingleReaderComparison,
} from './readerGroup.ts'
export { compareAtMatchedSpecificity, type MatchedComparison } from './matchedSpecificity.ts'
export { casesNeeded, readersNeeded, readerStudyPower, type PilotComponents, type Plan, type Power } from './power.ts'
