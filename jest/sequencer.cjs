const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * The order on a fresh clone, where Jest does not know yet how long each file takes: whole programs (`test/` folders)
 * before units, the largest file first. What takes longest must not begin last.
 */
module.exports = class extends Sequencer {
  sort(tests) {
    const files = [...super.sort(tests)];
    const isOfWholeProgram = ({ path }) => path.includes('/test/');
    return [...files.filter(isOfWholeProgram), ...files.filter((test) => !isOfWholeProgram(test))];
  }
};
