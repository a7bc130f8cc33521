import type { ChecklistItem } from '../checklists.ts'

/**
 * CLAIM 2024 update: 44 items. Source: Tejani and others, Radiol Artif Intell 2024;6:e240300. Numbers are those of a summary that was not compared with
 * the published table; where they differ from the list of 2020 they are marked. Wording our own.
 */
export const CLAIM: readonly ChecklistItem[] = [
  ['1', 'Title names the kind of AI', null], ['2', 'Structured abstract', null], ['3', 'Background and role of the AI', null], ['4', 'Aims and hypotheses', null], ['5', 'Prospective or retrospective', null], ['6', 'Goal of the study', null], ['7', 'Sources of data', 'sources'], ['8', 'Eligibility', 'eligibility'], ['9', 'Preparation of images', 'deidentified'], ['10', 'Selection of parts of the data', 'models'],
  ['11', 'De-identification', 'deidentified', 'check'], ['12', 'Missing data', 'missing', 'check'], ['13', 'Acquisition of images', null, 'check'], ['14', 'Reference standard, defined', 'reference'], ['15', 'Why this reference standard', null], ['16', 'Who annotated', 'annotators'], ['17', 'How the test set was annotated, with which tools', 'software', 'check'], ['18', 'Variability between and within annotators', 'agreement'], ['19', 'How data went to the partitions', 'partitions', 'check'], ['20', 'Level at which partitions are disjoint', 'disjoint', 'check'],
  ['21', 'Intended size of the test set', null, 'check'], ['22', 'The model in detail', 'models'], ['23', 'Software', 'software'], ['24', 'Start values of parameters', null], ['25', 'Training in detail', null], ['26', 'How the final model was chosen', null], ['27', 'Ensembles', 'ensemble'], ['28', 'Measures of performance', 'metrics'], ['29', 'Significance and uncertainty', 'uncertainty'], ['30', 'Robustness', null], ['31', 'Explanation of outputs', 'explanation'],
  ['32', 'Evaluation on internal data', 'internal', 'check'], ['33', 'Test on external data', 'external', 'check'], ['34', 'Trial registration', null, 'check'], ['35', 'Numbers included and excluded', 'flow', 'check'], ['36', 'Characteristics of each partition', 'baseline', 'check'], ['37', 'Performance of the final model in each partition', 'accuracy', 'check'], ['38', 'Accuracy with intervals', 'accuracy', 'check'], ['39', 'Analysis of failures', 'failures', 'check'], ['40', 'Limitations', null, 'check'], ['41', 'Implications', null, 'check'],
  ['42', 'Where the protocol is', 'protocol', 'check'], ['43', 'Availability of software, model and data', null, 'check'], ['44', 'Funding', null, 'check'],
]
