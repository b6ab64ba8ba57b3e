/** Every request by name with the function that answers it; the type says when one is missing. */
import type { RequestHandlers } from './requestHandler.js'
import { cancelRequest } from './requests/cancelRequest.js'
import { datasetRequests } from './requests/datasetRequests.js'
import { describeRequest } from './requests/describeRequest.js'
import { dialogRequests } from './requests/dialogRequests.js'
import { exportRequest } from './requests/exportRequest.js'
import { operatorsRequest } from './requests/operatorsRequest.js'
import { pictureRequests } from './requests/pictureRequests.js'
import { runRequests } from './requests/runRequests.js'
import { startRequests } from './requests/startRequests.js'
import { steerRequests } from './requests/steerRequests.js'
import { watchRequests } from './requests/watchRequests.js'

export const requestTable: RequestHandlers = {
  ...describeRequest,
  ...runRequests,
  ...startRequests,
  ...steerRequests,
  ...watchRequests,
  ...pictureRequests,
  ...datasetRequests,
  ...operatorsRequest,
  ...exportRequest,
  ...dialogRequests,
  ...cancelRequest
}
