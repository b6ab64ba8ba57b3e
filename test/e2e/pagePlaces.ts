/** Every page of the workbench: how to get there, and what stands on it when it is drawn. */
export interface PagePlace {
  name: string
  hash: string
  /** Selector of something that is there once the page's data have come. */
  ready: string
}

/** @param run a finished run of the workspace */
export function pagePlaces(run: string): PagePlace[] {
  const of = (page: string): string => `#/run/${encodeURIComponent(run)}/${page}`
  return [
    { name: 'Start', hash: '#/start', ready: 'main table tbody tr' },
    { name: 'Data', hash: '#/data', ready: 'main button' },
    { name: 'New run', hash: '#/new', ready: 'main form, main fieldset, main input' },
    { name: 'Search', hash: of('search'), ready: '.chart canvas' },
    { name: 'Lattice', hash: of('lattice'), ready: '.lattice svg' },
    { name: 'Networks', hash: of('networks'), ready: 'main table' },
    { name: 'Predictions', hash: of('predictions'), ready: '.grid img' },
    { name: 'Runs', hash: '#/runs', ready: 'main table tbody tr' },
    { name: 'Operators', hash: '#/operators', ready: 'main form button' },
    { name: 'Export', hash: of('export'), ready: 'main table button' }
  ]
}
