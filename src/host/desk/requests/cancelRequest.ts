/** Ending a request that takes long. */
import type { RequestHandlers } from '../requestHandler.js'

export const cancelRequest: Pick<RequestHandlers, 'cancel'> = {
  cancel(asked, { request }) {
    asked.cancel(request)
    return {}
  }
}
