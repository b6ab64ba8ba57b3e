/** Colours of the operators, the same in every picture: Okabe and Ito's, with grey for skip. CSS classes `operator-NAME` use them. */
import type { Operator } from '../../shared/architecture.js'

export const operatorColours: Record<Operator, string> = {
  skip: '#8d959d',
  conv: '#56b4e9',
  conv_downup: '#009e73',
  conv_2x: '#e69f00',
  conv_2x_downup: '#cc79a7'
}

/** Ink that can be read on the colour. */
export const operatorInk = '#101418'
