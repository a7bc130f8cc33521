import { ScanEye } from '@lucide/vue'
import type { FeatureDoor } from '#renderer/stores/index.ts'

/** What the machine drew, case by case: accept, correct or reject; those that need eyes come first. */
export const feature: FeatureDoor = {
  id: 'review', title: 'Review', icon: ScanEye, roles: ['investigator'], order: 20, path: '/review/:caseId?', goKey: 'v', component: () => import('./ReviewScreen.vue'),
}
