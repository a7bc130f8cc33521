export { featureCoding, featureColumns, type FeatureCoding, type FeatureColumn, type FeatureImportance } from './features.ts'
export { treeValue, type DecisionTree } from './tree.ts'
export { growTree, sortColumns, type GrownTree, type GrowthRules, type RowTargets, type SortedColumns } from './growTree.ts'
export { randomForest, predictForest, type ForestOptions, type RandomForest } from './randomForest.ts'
export { boostedTrees, predictBoosted, type BoostedTrees, type BoostingOptions } from './boostedTrees.ts'
export { permutationImportance, type PermutationImportance, type PermutationOptions } from './permutationImportance.ts'
export type { FittedLearner, Learner } from './learner.ts'
export { boostedLearner, forestLearner } from './learners.ts'
export { logisticLearner, type LogisticLearnerOptions } from './logisticLearner.ts'
export { groupedFolds } from './groupedFolds.ts'
export { chooseCandidate, type CandidateScore } from './chooseCandidate.ts'
export {
  nestedCrossValidation, type LearnerFamily, type NestedComparison, type NestedFamilyResult, type NestedFold, type NestedOptions,
} from './nestedCrossValidation.ts'
