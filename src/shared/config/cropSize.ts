import type { DataSettings } from './settings.js'

/** Pixels of the crops that a stage trains on; pretraining takes those of the search where it has none of its own, the search those of training. */
export function cropSize(data: DataSettings, stage: 'pretrain' | 'search' | 'train'): { cropHeight: number; cropWidth: number } {
  const { cropHeight, cropWidth } = data
  if (stage === 'train') return { cropHeight, cropWidth }
  const search = { cropHeight: data.searchCropHeight || cropHeight, cropWidth: data.searchCropWidth || cropWidth }
  if (stage === 'search') return search
  return { cropHeight: data.pretrainCropHeight || search.cropHeight, cropWidth: data.pretrainCropWidth || search.cropWidth }
}
