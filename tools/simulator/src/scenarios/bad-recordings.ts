import { deadLetter, through, waiting, withoutQueue } from './expectations.js';
import type { Scenario } from './scenario.js';

/** Calls whose audio EXRP has to hold back, each with its cause. */
export const badRecordings: readonly Scenario[] = [
  {
    name: 'cut-short',
    title: 'Audio cut short',
    steps: [
      { at: 3, queue: 'VQ_TechSupport', until: 11, to: 'agent7105' },
      {
        at: 14,
        agent: 'agent7105',
        audio: 'tech-support-en',
        expect: waiting('audio-incomplete', through('VQ_TechSupport', 'en-US')),
        mcp: { upload: 'cut' },
      },
    ],
  },
  {
    name: 'zero-bytes',
    title: 'Audio of zero bytes',
    steps: [
      { at: 3, queue: 'VQ_Sales', until: 11, to: 'agent7201' },
      {
        at: 14,
        agent: 'agent7201',
        audio: 'short-en',
        expect: deadLetter('audio-invalid', through('VQ_Sales', 'en-US')),
        mcp: { upload: 'empty' },
      },
    ],
  },
  {
    name: 'not-ogg',
    title: 'Audio that is not Ogg Opus',
    steps: [
      {
        at: 6,
        agent: 'agent7106',
        audio: 'short-en',
        expect: deadLetter('audio-invalid', withoutQueue('en-US')),
        mcp: { upload: 'not-ogg' },
      },
    ],
  },
];
