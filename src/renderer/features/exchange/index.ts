import { ArrowLeftRight } from '@lucide/vue'
import { defineAsyncComponent } from 'vue'
import type { FeatureDoor } from '#renderer/stores/index.ts'

/** What comes in and what goes out. */
export const feature: FeatureDoor = {
  id: 'exchange', title: 'Import and export', icon: ArrowLeftRight, roles: ['investigator'], order: 65, path: '/exchange', goKey: 'x', component: () => import('./ExchangeScreen.vue'),
}
/** A stored picture to black out or to calibrate, for screens that show one. */
export const PictureDialog = defineAsyncComponent(() => import('./PictureDialog.vue'))
