import { mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { deriveArchitecture } from '../../src/core/derive.js'
import { logitShapes } from '../../src/core/lattice.js'
import { randomStream } from '../../src/core/random.js'
import LatticePicture from '../../src/renderer/lattice/LatticePicture.vue'
import { latticeLayout } from '../../src/renderer/lattice/latticeLayout.js'
import { latticeModel } from '../../src/renderer/lattice/latticeModel.js'
import TimeSlider from '../../src/renderer/lattice/TimeSlider.vue'
import { useLocale } from '../../src/renderer/locales/useLocale.js'
import { channels } from '../../src/shared/architecture.js'
import type { ArchitectureLogits, SearchSpace } from '../../src/shared/architecture.js'
import DerivedNetwork from '../../src/renderer/lattice/DerivedNetwork.vue'

beforeEach(() => { useLocale().locale.value = 'en' })

const spaceOf = (layers: number): SearchSpace => ({ layers, baseWidth: 4, widths: [4, 8, 12], studentStemWidth: 8, classes: 3 })

function randomLogits(space: SearchSpace, step: number): ArchitectureLogits {
  const random = randomStream(1, 'test/lattice', step)
  const shapes = logitShapes(space.layers, space.widths.length)
  const draw = (part: keyof ArchitectureLogits): number[][][] =>
    shapes[part].map(([rows, columns]) => Array.from({ length: rows }, () => Array.from({ length: columns }, () => 2 * random.normal())))
  return { alpha: draw('alpha'), beta: draw('beta'), gamma: draw('gamma') }
}

const derive = (space: SearchSpace, logits: ArchitectureLogits) =>
  deriveArchitecture(space, logits, { finalScales: [16, 32], rules: 'ours', forbidSkip: false, stemWidth: 8, name: 'student' })

describe('the lattice as numbers', () => {
  it.each([3, 4, 6, 16])('has every cell of %i layers, probabilities that add up, and the derived path lit', (layers) => {
    const space = spaceOf(layers)
    for (let step = 0; step < 5; step++) {
      const logits = randomLogits(space, step)
      const derived = derive(space, logits)
      const { cells, ribbons, finalRows } = latticeModel(space, logits, derived)
      expect(cells.length).toBe(3 * layers - 3)
      for (const cell of cells) {
        expect(cell.alpha.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
        if (cell.layer > 0) expect(cell.gamma.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
        else expect(cell.gamma).toEqual([])
        const entering = ribbons.filter(({ layer, toRow }) => layer === cell.layer && toRow === cell.row)
        if (cell.layer > 0) expect(entering.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 12)
      }
      for (const branch of derived.branches) {
        const lit = cells.filter(({ paths }) => paths.includes(branch.finalScale))
        expect(lit.map(({ layer }) => layer).sort((a, b) => a - b)).toEqual(Array.from({ length: layers }, (_, layer) => layer))
        for (const { layer, scale } of branch.cells) expect(lit.some((cell) => cell.layer === layer && cell.scale === scale)).toBe(true)
        const dropped = lit.filter(({ notes }) => notes.some((note) => note.finalScale === branch.finalScale && note.action === 'dropped'))
        expect(dropped.length).toBe(layers - branch.cells.length)
      }
      expect([...finalRows].sort()).toEqual([1, 2])
    }
  })

  it('does not let cells overlap or leave the picture', () => {
    for (const layers of [3, 6, 10, 16, 32]) {
      const layout = latticeLayout(layers)
      expect(layout.x(1) - layout.x(0)).toBeGreaterThan(layout.cell.width + 10)
      expect(layout.y(1) - layout.y(0)).toBeGreaterThan(layout.cell.alphaHeight + layout.cell.gammaHeight + 10)
      expect(layout.x(layers - 1) + layout.cell.width).toBeLessThan(layout.width)
      expect(layout.y(2) + layout.cell.alphaHeight + layout.cell.gammaHeight).toBeLessThan(layout.height)
    }
  })
})

describe('the lattice as a picture', () => {
  const space = spaceOf(5)
  const logits = randomLogits(space, 3)
  const derived = derive(space, logits)

  it('says in words what a cell holds when it is pointed at or reached by the keyboard', async () => {
    const picture = mount(LatticePicture, { props: { space, logits, derived } })
    const { cells } = latticeModel(space, logits, derived)
    expect(picture.findAll('.cell').length).toBe(cells.length)
    expect(picture.findAll('.cell.lit').length).toBe(cells.filter(({ paths }) => paths.length > 0).length)
    expect(picture.text()).toContain('Point at a cell')
    for (const event of ['mouseenter', 'focus']) {
      const index = event === 'focus' ? 8 : 4
      await picture.findAll('.cell')[index].trigger(event)
      const share = Math.max(...cells[index].alpha)
      const { layer, scale } = cells[index]
      expect(picture.get('.words').text()).toContain(`Layer ${layer}, scale 1/${scale}`)
      expect(picture.get('.words').text()).toContain(`${(share * 100).toFixed(1)}%`)
    }
  })

  it('says why a cell is not in the network', async () => {
    // Short spaces keep every layer: a branch has a least length.
    const long = spaceOf(16)
    const skipping = randomLogits(long, 3)
    skipping.alpha.forEach((rows) => rows.forEach((row) => { row[0] = 9 }))
    const short = derive(long, skipping)
    const note = short.notes.find(({ action }) => action === 'dropped')
    expect(note).toBeDefined()
    const picture = mount(LatticePicture, { props: { space: long, logits: skipping, derived: short } })
    const { cells } = latticeModel(long, skipping, short)
    const index = cells.findIndex(({ layer, scale }) => layer === note?.layer && scale === note.scale)
    await picture.findAll('.cell')[index].trigger('mouseenter')
    expect(picture.get('.words').text()).toContain('dropped (a skip at stride 1 changes nothing')
  })
})

describe('a derived network', () => {
  it('shows every cell once, with the channels of its output', () => {
    const space = spaceOf(6)
    const architecture = derive(space, randomLogits(space, 1))
    const network = mount(DerivedNetwork, { props: { architecture } })
    const cells = architecture.branches.reduce((sum, branch) => sum + branch.cells.length, 0) - architecture.sharedLayers * (architecture.branches.length - 1)
    expect(network.findAll('.chip').length).toBe(cells)
    const last = architecture.branches[0].cells.at(-1)
    const scale = architecture.branches[0].finalScale
    expect(network.findAll('.branch')[0].findAll('.chip').at(-1)?.text()).toContain(`${channels(scale, 4, last?.width ?? 0)} ch`)
  })
})

describe('the time slider', () => {
  it('plays from the start to the end, then rests', async () => {
    vi.useFakeTimers()
    const slider = mount(TimeSlider, {
      props: { count: 4, label: 'x', modelValue: 3, 'onUpdate:modelValue': (moment: number | undefined) => slider.setProps({ modelValue: moment ?? 0 }) }
    })
    await slider.get('button').trigger('click')
    expect(slider.props('modelValue')).toBe(0)
    expect(slider.get('button').text()).toBe('Pause')
    for (let tick = 0; tick < 5; tick++) {
      vi.advanceTimersByTime(10_000)
      await nextTick()
    }
    expect(slider.props('modelValue')).toBe(3)
    expect(slider.get('button').text()).toBe('Play')
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
  })
})
