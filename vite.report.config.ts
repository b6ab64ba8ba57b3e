/** Builds the report's page: one HTML file with script and style inside (out/report/report.html), into which a run's data is put. */
import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'

const at = (path: string): string => resolve(import.meta.dirname, path)

/**
 * Moves script and style into the page and writes the content policy for exactly them: nothing else may run, be styled or be fetched, so
 * that data from a run can never become code. The data itself stands in a script of type application/json, which no browser runs.
 */
function singleFile(): Plugin {
  return {
    name: 'single-file',
    enforce: 'post',
    generateBundle(_, bundle) {
      const page = Object.values(bundle).find((file) => file.fileName.endsWith('.html'))
      if (page?.type !== 'asset') throw new Error('single-file: expected one HTML page in the bundle')
      let html = String(page.source)
      const hashes = { script: [] as string[], style: [] as string[] }
      for (const file of Object.values(bundle)) {
        if (file === page) continue
        const isScript = file.type === 'chunk'
        const text = (isScript ? file.code : String(file.source)).replace(/<\/(script|style)/gi, '<\\/$1').trim()
        const reference = isScript
          ? new RegExp(`<script[^>]*src="[^"]*${file.fileName}"[^>]*></script>`)
          : new RegExp(`<link[^>]*href="[^"]*${file.fileName}"[^>]*>`)
        if (!reference.test(html)) throw new Error(`single-file: the page does not refer to ${file.fileName}`)
        html = html.replace(reference, '')
        const tag = isScript ? `<script type="module">${text}</script>` : `<style>${text}</style>`
        html = html.replace(isScript ? '</body>' : '</head>', () => `${tag}\n${isScript ? '</body>' : '</head>'}`)
        hashes[isScript ? 'script' : 'style'].push(`'sha256-${createHash('sha256').update(text).digest('base64')}'`)
        Reflect.deleteProperty(bundle, file.fileName)
      }
      const policy = [
        "default-src 'none'",
        `script-src ${hashes.script.join(' ')}`,
        `style-src ${hashes.style.join(' ')}`,
        'img-src data:',
        "base-uri 'none'",
        "form-action 'none'"
      ].join('; ')
      page.source = html.replace('CONTENT-POLICY', policy)
      page.fileName = 'report.html'
    }
  }
}

export default defineConfig({
  root: at('src/renderer/report'),
  base: './',
  plugins: [vue(), singleFile()],
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false' },
  build: {
    outDir: at('out/report'),
    emptyOutDir: true,
    target: 'chrome108',
    minify: true,
    cssCodeSplit: false,
    assetsInlineLimit: 1_000_000,
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { bundlerTimings: false }, input: at('src/renderer/report/index.html'), output: { codeSplitting: false } }
  }
})
