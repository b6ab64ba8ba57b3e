import type { ReportData } from '../../shared/report.js'

/** The run that was put into this page. It was written by our own program, so its shape is trusted; its texts are only ever shown as text. */
export function readReportData(): ReportData {
  const element = document.getElementById('report-data')
  if (!element?.textContent) throw new Error('This page holds no run.')
  return JSON.parse(element.textContent) as ReportData
}
