import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import { defineConfig } from 'eslint/config'
import globals from './eslint.globals.js'
import tseslint from 'typescript-eslint'
import vue from 'eslint-plugin-vue'
import { bans } from './eslint.bans.js'

export default defineConfig(
  { ignores: ['node_modules/', 'out/', 'dist/', 'coverage/', 'runs/', 'demo/', 'test/**/fixtures/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.vue'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.vue'] } },
    rules: {
      // Decided once, for they only make noise. Numbers read well in a template; `() => list.push(x)` is a fine callback, with or without void.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // Our objects are closures without `this`, and their methods are handed on freely.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' }],
      // Calls it needless to say `as Tensor4D` of what an operator returns; the rank is said for the reader.
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      // `declare namespace tf` gives the types of the value `tf` the same name.
      '@typescript-eslint/no-namespace': ['error', { allowDeclarations: true }],
      // Indexing an array gives `T` here (noUncheckedIndexedAccess is off), so a careful check would be called unnecessary.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // An index that was checked before reads better with `!` than with a cast.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }]
    }
  },
  {
    files: ['**/*.vue'],
    extends: [vue.configs['flat/recommended']],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    // TypeScript (vue-tsc) knows better what is defined.
    rules: { 'no-undef': 'off' }
  },
  { files: ['src/**/*.{ts,vue}'], ...bans },
  {
    // Vitest's own idioms: async tests without await, matchers typed any, methods passed to expect.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/require-await': 'off'
    }
  },
  { files: ['**/*.{js,mjs}'], languageOptions: { globals } },
  prettier
)
