import type { ReportData } from '../../shared/report.js'

/** What a run is, without its journal and its pictures; a report and the host both say it in this shape. */
export type RunFacts = Omit<ReportData, 'events' | 'thinned' | 'pictures' | 'picturesLeftOut'>
