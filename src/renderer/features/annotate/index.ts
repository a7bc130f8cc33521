import { PenTool } from '@lucide/vue'
import { defineAsyncComponent } from 'vue'
import type { FeatureDoor } from '#renderer/stores/index.ts'

const screen = async () => (await import('./AnnotateScreen.vue')).default

export const features: readonly FeatureDoor[] = [
  { id: 'tasks', title: 'Drawing tasks', icon: PenTool, roles: ['annotator'], order: 10, path: '/tasks', goKey: 'h', component: async () => (await import('./TasksPage.vue')).default },
  { id: 'annotate', title: 'Draw', icon: PenTool, roles: ['annotator'], order: 99, path: '/annotate/:taskId', bare: true, component: screen },
  { id: 'correct', title: 'Correct a mask', icon: PenTool, roles: ['investigator'], order: 98, path: '/annotate/correct/:caseId/:segmentationId', bare: true, component: screen },
]

/** Two stored drawings over each other, for screens that compare them. */
export const CompareView = defineAsyncComponent(() => import('./CompareView.vue'))
