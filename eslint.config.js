import js from '@eslint/js'
import vue from 'eslint-plugin-vue'
import globals from 'globals'
import ts from 'typescript-eslint'
import parser from 'vue-eslint-parser'
import { boundaries } from './eslint.boundaries.js'

export default ts.config(
  { ignores: ['dist/', 'out/', 'release/', 'node_modules/', 'models/training/', 'test-output/', 'coverage/', '.vite/'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...vue.configs['flat/essential'],
  {
    files: ['**/*.vue'],
    languageOptions: { parser, parserOptions: { parser: ts.parser, extraFileExtensions: ['.vue'] }, globals: globals.browser },
    rules: { 'vue/multi-word-component-names': 'off', 'no-undef': 'off' },
  },
  {
    files: ['**/*.{ts,vue}'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-constant-condition': ['error', { checkLoops: false }],
      'preserve-caught-error': 'off',
      'no-console': 'error',
    },
  },
  { files: ['scripts/**/*.mjs', '*.js', '*.ts', 'test/**/*.ts', 'src/main/**/*.ts'], languageOptions: { globals: globals.node } },
  // Published coefficients are kept as published, with more digits than a double holds.
  { files: ['src/shared/statistics/**', 'test/**/statistics/**'], rules: { 'no-loss-of-precision': 'off' } },
  { files: ['test/**', 'scripts/**'], rules: { 'no-console': 'off' } },
  ...boundaries,
)
