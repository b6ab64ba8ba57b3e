import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import { defineConfig } from 'eslint/config'
import globals from './eslint.globals.js'
import tseslint from 'typescript-eslint'
import { bans } from './eslint.bans.js'

export default defineConfig(
  { ignores: ['node_modules/', 'out/', 'dist/', 'coverage/', 'runs/', 'demo/', 'test/**/fixtures/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Decided once, for they only make noise: numbers read well in a template, and `() => list.push(x)` is a fine callback.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Indexing an array gives `T` here (noUncheckedIndexedAccess is off), so a careful check would be called unnecessary.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // An index that was checked before reads better with `!` than with a cast.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }]
    }
  },
  { files: ['src/**/*.ts'], ...bans },
  {
    // Vitest's own idioms: async tests without await, matchers typed any, methods passed to expect.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off'
    }
  },
  { files: ['**/*.{js,mjs}'], languageOptions: { globals } },
  prettier
)
