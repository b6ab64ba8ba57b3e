/** The way to the host: a port where the desktop program's preload is, otherwise the server that the page came from. */
import { desktopBridge } from './desktopBridge.js'
import type { Client } from './client.js'
import { createClient } from './createClient.js'
import { openPort } from './portTransport.js'
import { openSocket, socketAddress } from './socketTransport.js'

export function openHost(): Client {
  return createClient(() => (desktopBridge() ? openPort(window) : openSocket(socketAddress(window.location))))
}
