import { inject, provide, type App, type InjectionKey } from 'vue'
import type { Client } from './client.js'

const clientKey: InjectionKey<Client> = Symbol('client')

/** Gives the client to all components of the app, or below the calling component. */
export function provideClient(client: Client, app?: App): void {
  if (app) app.provide(clientKey, client)
  else provide(clientKey, client)
}

/** The page's connection to its host. Throws where none was provided. */
export function useClient(): Client {
  const client = inject(clientKey)
  if (!client) throw new Error('No client was provided to this component.')
  return client
}
