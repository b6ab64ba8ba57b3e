/** A small derived network. */
import type { Architecture, DerivedCell } from '../../../src/shared/architecture.js'

const cell = (layer: number, operator: DerivedCell['operator'], scale: DerivedCell['scale'], downsample: boolean, width: number): DerivedCell => ({
  layer,
  operator,
  scale,
  downsample,
  width
})

/** 224x160 images give 7x5 maps at 1/32, so the zoomed operators halve odd sides. */
export const tinySize = { height: 224, width: 160 }

/** Every operator, two branches that share a cell, a stride-2 skip. fixtures/derivedNetwork.py is the same network in PyTorch. */
export const tinyArchitecture: Architecture = {
  version: 1,
  name: 'tiny',
  classes: 5,
  baseWidth: 4,
  stemWidth: 8,
  branches: [
    {
      finalScale: 32,
      cells: [
        cell(0, 'conv', 8, false, 4),
        cell(1, 'conv_downup', 8, true, 8),
        cell(2, 'skip', 16, true, 12),
        cell(3, 'conv_2x_downup', 32, false, 8)
      ]
    },
    { finalScale: 16, cells: [cell(0, 'conv', 8, false, 4), cell(1, 'conv_2x', 8, true, 12), cell(2, 'conv_downup', 16, false, 8)] }
  ],
  sharedLayers: 1,
  notes: []
}
