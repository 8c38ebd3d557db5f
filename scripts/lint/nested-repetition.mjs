import { RegExpParser, visitRegExpAST } from '@eslint-community/regexpp';

/**
 * Refuses an unbounded repetition inside an unbounded repetition: `(?:a*b)*`. Where the inner one can also match what
 * the outer one would, a text of a few hundred bytes takes for ever, and `eslint-plugin-regexp` does not see every such
 * case (`(?:<!--[\s\S]*?-->\s*)*` stopped a service). Where it is harmless, say why at the place.
 */
export const nestedRepetition = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { nested: 'A repetition inside a repetition can take for ever: {{inner}}' },
  },
  create: (context) => ({
    'Literal[regex]'({ regex, ...node }) {
      const flags = { unicode: regex.flags.includes('u'), unicodeSets: regex.flags.includes('v') };
      const pattern = new RegExpParser().parsePattern(regex.pattern, 0, undefined, flags);
      const around = [];
      visitRegExpAST(pattern, {
        onQuantifierEnter(quantifier) {
          if (quantifier.max !== Infinity) return;
          if (around.length > 0)
            context.report({ loc: node.loc, messageId: 'nested', data: { inner: quantifier.raw } });
          around.push(quantifier);
        },
        onQuantifierLeave(quantifier) {
          if (around.at(-1) === quantifier) around.pop();
        },
      });
    },
  }),
};
