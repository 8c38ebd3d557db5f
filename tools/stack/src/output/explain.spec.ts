import { SettingsError } from '@exrec/service-kit';
import { explain } from './explain.js';
import { CannotGoOn } from '../words.js';

function explained(error: unknown) {
  const lines: string[] = [];
  const exitCode = explain(error, { say: (text = '') => lines.push(text) });
  return { exitCode, text: lines.join('\n') };
}

it('names every wrong setting', () => {
  const faults = [
    { name: 'EXRP_PORT', problem: 'must be a port' },
    { name: 'GC_API_URL', problem: 'is missing' },
  ];
  expect(explained(new SettingsError(faults))).toEqual({
    exitCode: 78,
    text: 'These settings are wrong:\n  EXRP_PORT must be a port\n  GC_API_URL is missing',
  });
});

it('gives the words of an end that was foreseen, without a stack', () => {
  expect(explained(new CannotGoOn('Port 3650 is taken.'))).toEqual({
    exitCode: 1,
    text: '\nPort 3650 is taken.',
  });
});

it('gives the stack of an error that was not, and nothing that it carries', () => {
  const error = Object.assign(new TypeError('no such thing at http://a:secret@host/'), {
    config: { headers: { authorization: 'Bearer secret' } },
  });
  const { exitCode, text } = explained(error);
  expect(exitCode).toBe(1);
  expect(text).toContain('TypeError: no such thing');
  expect(text).toContain('explain.spec.ts');
  expect(text).not.toContain('secret');
});

it.each([
  ['text', 'text'],
  [undefined, 'undefined'],
])('takes anything: %j', (thrown, words) => {
  expect(explained(thrown)).toMatchObject({ exitCode: 1, text: expect.stringContaining(words) });
});
