/** The languages of the interface. */
export const locales = ['en', 'zh'] as const
export type Locale = (typeof locales)[number]

/** As the browser names it, for numbers and for the page's lang. */
export const localeTags: Record<Locale, string> = { en: 'en', zh: 'zh-CN' }
