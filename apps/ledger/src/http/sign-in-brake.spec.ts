import { SignInBrake } from './sign-in-brake.js';

it('lets nobody guess more than ten tokens a minute, and nobody else wait for it', () => {
  let nowMs = 0;
  const brake = new SignInBrake(() => nowMs);
  for (let guess = 0; guess < 10; guess += 1) {
    expect(() => brake.check('10.0.0.1')).not.toThrow();
    brake.recordWrong('10.0.0.1');
    nowMs += 1_000;
  }
  expect(() => brake.check('10.0.0.1')).toThrow('too many wrong tokens');
  expect(() => brake.check('10.0.0.2')).not.toThrow();
  nowMs = 60_001;
  expect(() => brake.check('10.0.0.1')).not.toThrow();
});
