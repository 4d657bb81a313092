const browser = ["document", "location", "history", "navigator", "window", "addEventListener", "scrollTo", "print", "atob", "Blob",
  "Response", "DecompressionStream", "TextDecoder", "URL", "DOMParser", "performance", "matchMedia", "setInterval", "clearInterval",
  "requestAnimationFrame", "cancelAnimationFrame"];
export default [{
  files: ["**/*.js"],
  languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: Object.fromEntries(browser.map(name => [name, "readonly"])) },
  linterOptions: { reportUnusedDisableDirectives: "error" },
  rules: {
    "no-undef": "error", "no-unused-vars": ["error", { argsIgnorePattern: "^_" }], "no-unreachable": "error", "no-dupe-keys": "error", "no-redeclare": "error",
    "no-const-assign": "error", "no-cond-assign": "error", "no-self-compare": "error", "no-eval": "error", "no-implied-eval": "error", "no-new-func": "error",
    "no-var": "error", "prefer-const": "error", "eqeqeq": "error", "no-shadow-restricted-names": "error", "no-fallthrough": "error", "use-isnan": "error",
    "no-useless-escape": "error", "no-template-curly-in-string": "error", "no-unsafe-finally": "error", "no-sparse-arrays": "error",
    "max-lines": ["error", 300], "quotes": "off", "no-throw-literal": "error", "no-trailing-spaces": "off",
  },
}];
