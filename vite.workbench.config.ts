/** Builds the workbench's pages (out/workbench), which the desktop program shows and `cellscope serve` hands out. */
import { resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'
import { contentPolicy } from './src/shared/contentPolicy.js'

const at = (path: string): string => resolve(import.meta.dirname, path)

/** The page says its content policy itself, too. A meta tag cannot say who may frame the page; the servers' header does. */
function policyInPage(): Plugin {
  const policy = contentPolicy.split('; ').filter((rule) => !rule.startsWith('frame-ancestors')).join('; ')
  return { name: 'policy-in-page', transformIndexHtml: (html) => html.replace('CONTENT-POLICY', policy) }
}

export default defineConfig({
  root: at('src/renderer/workbench'),
  base: './',
  publicDir: false,
  plugins: [vue(), policyInPage()],
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false' },
  build: {
    outDir: at('out/workbench'),
    emptyOutDir: true,
    // The Electron that a packaged program may carry is of that age.
    target: 'chrome108',
    minify: true,
    sourcemap: true,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    rolldownOptions: { checks: { bundlerTimings: false }, input: at('src/renderer/workbench/index.html') }
  }
})
