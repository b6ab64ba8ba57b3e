/**
 * What src must not do, as lint rules apart from the rest, so that the guards' test can plant a violation and see it refused.
 * Every random draw is a function of (seed, stream, step); a hidden generator would break the resume of a run.
 */
const remedy = 'Draw from randomStream(seed, stream, step) in src/core/random.ts: a hidden generator breaks exact resume.'
const tensorflowRandom = ['randomUniform', 'randomNormal', 'randomStandardNormal', 'randomGamma', 'rand', 'randomUniformInt', 'truncatedNormal', 'multinomial', 'dropout']

/** @type {{ rules: import('eslint').Linter.RulesRecord }} */
export const bans = {
  rules: {
    'no-restricted-properties': [
      'error',
      { object: 'Math', property: 'random', message: remedy },
      { property: 'getRandomValues', message: remedy },
      ...tensorflowRandom.map((property) => ({ object: 'tf', property, message: remedy }))
    ]
  }
}
