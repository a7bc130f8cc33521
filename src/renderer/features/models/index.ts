import { Boxes } from '@lucide/vue'
import { defineAsyncComponent } from 'vue'
import type { FeatureDoor } from '#renderer/stores/index.ts'

/** The models that the study can use, with their cards, and where they can run. */
export const feature: FeatureDoor = {
  id: 'models', title: 'Models', icon: Boxes, roles: ['investigator'], order: 60, path: '/models', goKey: 'm', component: () => import('./ModelsScreen.vue'),
}

export { default as MarkdownCard } from './MarkdownCard.vue'
/** Which sets a study uses, as two fields of a form, and as a dialog that changes them. */
export const ModelSetFields = defineAsyncComponent(() => import('./ModelSetFields.vue'))
export const ModelSetsDialog = defineAsyncComponent(() => import('./ModelSetsDialog.vue'))
