/** Light or dark: as the system asks, unless the person chose. One for the whole page. */
import { ref, watchEffect } from 'vue'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

export const chosenTheme = ref<Theme>('system')

watchEffect(() => {
  if (chosenTheme.value === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = chosenTheme.value
})
