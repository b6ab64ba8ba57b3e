import { describe, expect, it } from 'vitest'
import { profileFolder } from '../../../src/main/profileFolder.js'

describe("the window's own folder", () => {
  it('is the usual one for the usual workspace, and one each for others', () => {
    expect(profileFolder('/data', '/w', '/w')).toBe('/data')
    const one = profileFolder('/data', '/one', '/w')
    const two = profileFolder('/data', '/two', '/w')
    expect(one).toMatch(/^\/data\/workspaces\/[0-9a-f]{16}$/)
    expect(new Set([one, two, '/data']).size).toBe(3)
    expect(profileFolder('/data', '/one', '/w')).toBe(one)
  })
})
