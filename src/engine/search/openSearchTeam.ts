import type { Settings } from '../../shared/config/settings.js'
import { openPassTeam } from './openPassTeam.js'
import type { PassTeam } from './passTeam.js'
import { plainPassTeam } from './plainPassTeam.js'
import type { SupernetTrainer } from './supernetTrainer.js'

/**
 * The team of a search. One of second order looks ahead with the trainer's own optimizer and moves its tensors for a while (see
 * unrolledGradients), so its steps are made of tensors, too, all on this thread.
 */
export function openSearchTeam(trainer: SupernetTrainer, { order }: Pick<Settings['search'], 'order'>, workers: number): PassTeam {
  return order === 'first' ? openPassTeam(trainer, workers) : plainPassTeam(trainer)
}
