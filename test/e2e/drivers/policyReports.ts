/** What the content policy refused, as the browser's console tells it. */
import type { Page } from 'playwright-core'

export function policyReports(): { page(page: Page): void; reports(): string[] } {
  const reports: string[] = []
  return {
    page: (page) =>
      void page.on('console', (message) => {
        if (/Content Security Policy|Refused to/i.test(message.text())) reports.push(message.text())
      }),
    reports: () => [...reports]
  }
}
