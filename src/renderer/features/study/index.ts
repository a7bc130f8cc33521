import { Database } from '@lucide/vue'
import { defineAsyncComponent } from 'vue'
import type { FeatureDoor } from '#renderer/stores/index.ts'

/** What the study holds: cohorts, the flow of cases, import, split, verification, backup. */
export const feature: FeatureDoor = {
  id: 'study', title: 'Study', icon: Database, roles: ['investigator'], order: 70, path: '/study', goKey: 's', component: () => import('./StudyScreen.vue'),
}
/** Import of a manifest as a dialog, for screens that offer it. */
export const ImportDialog = defineAsyncComponent(() => import('./ImportDialog.vue'))
export { useTrackedJob, type TrackedJob } from './useTrackedJob.ts'
export { verifyReport, verifySentence, sizeText, type VerifyReport } from './reports.ts'
export { localTime } from './localTime.ts'
