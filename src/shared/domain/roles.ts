/** Who may sign in. A person has one role in a study: an investigator of the study cannot read in it. */
export const ROLES = ['investigator', 'annotator', 'reader'] as const
export type Role = (typeof ROLES)[number]

export const SENIORITIES = ['junior', 'senior'] as const
export type Seniority = (typeof SENIORITIES)[number]

/** What a cohort may be used for: fitting models, choosing among them and their thresholds, or only reporting. */
export const COHORT_ROLES = ['fit', 'choose', 'report'] as const
export type CohortRole = (typeof COHORT_ROLES)[number]
