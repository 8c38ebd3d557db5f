/** A `.lua` file is its text, as in the bundles. */
module.exports = {
  process: (text) => ({
    code: `exports.__esModule = true; exports.default = ${JSON.stringify(text)};`,
  }),
};
