import './zodWithoutEval.js'
import { createApp } from 'vue'
import '../theme.css'
import './workbench.css'
import { chosenTheme, themes } from '../chosenTheme.js'
import { openHost } from '../client/openHost.js'
import { provideClient } from '../client/useClient.js'
import { locales } from '../locales/locale.js'
import { useLocale } from '../locales/useLocale.js'
import { remember } from './remembered.js'
import WorkbenchApp from './WorkbenchApp.vue'

remember('language', useLocale().locale, locales)
remember('theme', chosenTheme, themes)

const app = createApp(WorkbenchApp)
provideClient(openHost(), app)
app.mount('#workbench')
