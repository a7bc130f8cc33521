import { ChartNoAxesCombined } from '@lucide/vue'
import type { FeatureDoor } from '#renderer/stores/index.ts'

/** What the models say of a case, where they looked, and what moved the risk. */
export const feature: FeatureDoor = {
  id: 'predictions', title: 'Predictions', icon: ChartNoAxesCombined, roles: ['investigator'], order: 30, path: '/predictions/:caseId?', goKey: 'p', component: () => import('./PredictionsScreen.vue'),
}

export { csvTable } from './csv.ts'
