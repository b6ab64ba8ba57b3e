/** The desktop program's process: one instance, then the application. */
import { join, resolve } from 'node:path'
import { app } from 'electron'
import { readStartOptions } from './commandLine.js'
import { lockDownPages } from './lockDown.js'
import { openApplication, type Application } from './openApplication.js'
import { declarePageScheme } from './pageProtocol.js'
import { profileFolder } from './profileFolder.js'

app.setName('Cellscope')
const usualWorkspace = process.env.CELLSCOPE_WORKSPACE ?? (app.isPackaged ? join(app.getPath('documents'), 'Cellscope') : 'cellscope-workspace')
const options = readStartOptions(process.argv.slice(1), process.cwd(), usualWorkspace)
app.setPath('userData', profileFolder(app.getPath('userData'), options.workspace, resolve(usualWorkspace)))

if (app.requestSingleInstanceLock()) {
  // As root there is no sandbox, and asking for one all the same makes Electron's network process restart for ever.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  declarePageScheme()
  lockDownPages()
  let application: Promise<Application> | undefined
  app.on('second-instance', () => void application?.then(({ show }) => show()))
  app.on('activate', () => void application?.then(({ show }) => show()))
  void app.whenReady().then(() => (application = openApplication(options)))
} else {
  process.stdout.write('Cellscope is open already with this workspace; its window comes to the front.\n')
  app.exit(0)
}
