import { ChartSpline } from '@lucide/vue'
import type { FeatureDoor } from '#renderer/stores/index.ts'

export const feature: FeatureDoor = { id: 'analysis', title: 'Analysis', icon: ChartSpline, roles: ['investigator'], order: 50, path: '/analysis', goKey: 'a', component: async () => (await import('./AnalysisPage.vue')).default }
