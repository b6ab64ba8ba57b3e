import { cpus } from 'node:os'
import { describe, expect, it } from 'vitest'
import { workerEnvironment } from '../../../src/host/workerEnvironment.js'

describe('workerEnvironment', () => {
  it('lets through what a worker needs and nothing else', () => {
    const outside = {
      PATH: '/bin',
      HOME: '/home/a',
      NODE_OPTIONS: '--inspect',
      MY_TOKEN: 'secret',
      AWS_SECRET_ACCESS_KEY: 'secret',
      LD_PRELOAD: 'x',
      LD_LIBRARY_PATH: '/tf'
    }
    const environment = workerEnvironment({ threads: 2, oneDnn: true }, outside)
    expect(
      Object.keys(environment)
        .filter((name) => name in outside)
        .sort()
    ).toEqual(['HOME', 'LD_LIBRARY_PATH', 'PATH'])
    expect(JSON.stringify(environment)).not.toContain('secret')
  })

  it('pins what decides the bits of a result, whatever the outside says', () => {
    const outside = { TF_NUM_INTRAOP_THREADS: '7', TF_ENABLE_ONEDNN_OPTS: '1' }
    expect(workerEnvironment({ threads: 3, oneDnn: false }, outside)).toMatchObject({
      TF_NUM_INTRAOP_THREADS: '3',
      TF_ENABLE_ONEDNN_OPTS: '0'
    })
    expect(workerEnvironment({ threads: 0, oneDnn: true }, outside)).toMatchObject({
      TF_NUM_INTRAOP_THREADS: String(cpus().length),
      TF_ENABLE_ONEDNN_OPTS: '1'
    })
  })
})
