/** For tools that read only TypeScript, such as the typed lint; vue-tsc sees the real types. */
declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent
  export default component
}
