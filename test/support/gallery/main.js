import { createApp } from 'vue'
import '#renderer/ui/styles.css'
import GalleryApp from './GalleryApp.vue'

createApp(GalleryApp).mount('#app')
