/** Which page is shown: the address's hash, so that a reload, the back button and a bookmark all work. */
import { ref, type Ref } from 'vue'

/** Pages of the program, and pages of one run. */
export const programPages = ['start', 'data', 'new', 'runs', 'operators'] as const
export const runPages = ['search', 'lattice', 'networks', 'predictions', 'export'] as const
export type ProgramPage = (typeof programPages)[number]
export type RunPage = (typeof runPages)[number]

/** The list of runs may be showing two of them side by side. */
export type Route = { page: ProgramPage } | { page: 'runs'; compare: [string, string] } | { page: RunPage; run: string }

/** `#/run/street%20one/lattice` for the lattice of the run `street one`; `#/runs/compare/a/b` for the runs `a` and `b` side by side. */
export function hashOf(route: Route): string {
  if ('compare' in route) return `#/runs/compare/${route.compare.map(encodeURIComponent).join('/')}`
  return 'run' in route ? `#/run/${encodeURIComponent(route.run)}/${route.page}` : `#/${route.page}`
}

/** The route of a hash; the start page for everything that is none. */
export function routeOf(hash: string): Route {
  const [first, second, third, fourth] = hash.replace(/^#\/?/, '').split('/').map(decoded)
  if (first === 'runs' && second === 'compare' && third && fourth) return { page: 'runs', compare: [third, fourth] }
  const programPage = programPages.find((page) => page === first)
  if (programPage !== undefined) return { page: programPage }
  const runPage = runPages.find((page) => page === (third ?? 'search'))
  if (first === 'run' && second && runPage !== undefined) return { page: runPage, run: second }
  return { page: 'start' }
}

export const route: Ref<Route> = ref(routeOf(window.location.hash))

window.addEventListener('hashchange', () => { route.value = routeOf(window.location.hash) })

export function goTo(target: Route): void {
  window.location.hash = hashOf(target)
  route.value = target
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
