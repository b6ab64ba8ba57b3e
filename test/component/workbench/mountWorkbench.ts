/** The whole workbench over a fake host, at an address. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { provideClient } from '../../../src/renderer/client/useClient.js'
import { chosenTheme } from '../../../src/renderer/chosenTheme.js'
import { useLocale } from '../../../src/renderer/locales/useLocale.js'
import WorkbenchApp from '../../../src/renderer/workbench/WorkbenchApp.vue'
import type { FakeHost } from './fakeHost.js'

/** Call after every test: what the page keeps would reach into the next one. */
export function forgetEverything(): void {
  window.sessionStorage.clear()
  window.localStorage.clear()
  document.body.innerHTML = ''
  useLocale().locale.value = 'en'
  chosenTheme.value = 'system'
}

export async function mountWorkbench(host: FakeHost, hash = '#/start'): Promise<VueWrapper> {
  await visit(hash)
  const workbench = mount(WorkbenchApp, {
    attachTo: document.body,
    global: { plugins: [{ install: (app) => provideClient(host.client, app) }] }
  })
  await flushPromises()
  return workbench
}

/** Goes to an address as a person does who types it, and waits until the page has heard of it. */
export async function visit(hash: string): Promise<void> {
  window.location.hash = hash
  await new Promise((resolve) => setTimeout(resolve))
  await flushPromises()
}

/** Presses a key as the window hears it; gives whether the page took it. */
export async function press(code: string, modifiers: Partial<Pick<KeyboardEvent, 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>>): Promise<boolean> {
  const event = new KeyboardEvent('keydown', { code, cancelable: true, ...modifiers })
  window.dispatchEvent(event)
  await flushPromises()
  return event.defaultPrevented
}
