/** Must be imported before any schema: otherwise zod tries `new Function`, which the content policy refuses and reports. */
import { z } from 'zod'

z.config({ jitless: true })
