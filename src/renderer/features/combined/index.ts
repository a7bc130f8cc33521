import { Sigma } from '@lucide/vue'
import type { FeatureDoor } from '#renderer/stores/index.ts'

/** Building the combined model: candidates, tables, selection, checks, and the version that is frozen. */
export const feature: FeatureDoor = {
  id: 'combined', title: 'Combined model', icon: Sigma, roles: ['investigator'], order: 35, path: '/combined', goKey: 'b', component: () => import('./CombinedScreen.vue'),
}
